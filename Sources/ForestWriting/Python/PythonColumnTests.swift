/// The part of emitted modules that answers the tests of splits for many events, with NumPy.
///
/// To compare the numbers themselves, 16 limits at a time, and to pack the answers takes 0.1 ns a test and an event. Ranks of one byte
/// would save a tenth of that, and finding them takes some 10 ns a column and an event.
enum PythonColumnTests {
  static let code = #"""
    class _Tests:
        """What splits ask, each question once. The answers of many events are rows of bits: 1 is the way to the right."""

        MOST_ROWS = 16  # asked at a time, so that the answers stay near

        def __init__(self, trees, splits):
            self.numpy = numpy = trees.numpy
            self.set_place, self.set_member = trees.set_place, trees.set_member
            threshold = trees.threshold[splits]
            kind = 16 * trees.feature[splits] + trees.rule[splits]
            order = numpy.lexsort((threshold, kind))
            kind, threshold = kind[order], threshold[order]
            is_new = numpy.ones(order.size, "?")
            is_new[1:] = (kind[1:] != kind[:-1]) | (threshold[1:] != threshold[:-1])
            self.kind, self.threshold = kind[is_new], threshold[is_new].astype("f8")
            self.of_split = numpy.empty(order.size, "i8")
            self.of_split[order] = numpy.cumsum(is_new) - 1

        def plan(self, tests):
            """How to ask some of the tests: for each few rows an input, a rule, and limits in float64 and in float32."""
            numpy = self.numpy
            kind, wide = self.kind[tests], self.threshold[tests]
            narrow = _float32s_at(numpy, wide, kind & 1 == 0)
            ends = numpy.append(numpy.flatnonzero(kind[1:] != kind[:-1]) + 1, kind.size).tolist()
            steps, start = [], 0
            for end in ends:
                for first in range(start, end, self.MOST_ROWS):
                    part = slice(first, min(end, first + self.MOST_ROWS))
                    steps.append((*divmod(int(kind[first]), 16), part, wide[part, None], narrow[part, None]))
                start = end
            return kind.size, steps

        def answers(self, plan, rows, x):
            numpy = self.numpy
            count, steps = plan
            result = numpy.zeros((count, (rows + 63) // 64 * 8), "u1")
            answer = numpy.empty((self.MOST_ROWS, rows), "?")
            for feature, rule, part, wide, narrow in steps:
                column = x[feature]
                limits = narrow if column.dtype == "f4" else wide
                found = answer[: len(limits)]
                # NaN answers no to every comparison; so where it goes right, the way to the left is asked for.
                is_right = rule & 10 == 2
                if rule & 8:
                    self.ask_sets(column, rule, limits, found)
                elif is_right:
                    (numpy.greater if rule & 1 else numpy.greater_equal)(column, limits, out=found)
                else:
                    (numpy.less_equal if rule & 1 else numpy.less)(column, limits, out=found)
                bits = numpy.packbits(found, axis=1)
                result[part, : bits.shape[1]] = bits if is_right else ~bits
            return result.view("u8")

        def ask_sets(self, column, rule, sets, found):
            """Whether categories are members of sets; numbers that are no category are members of none."""
            numpy = self.numpy
            for row, number in enumerate(sets[:, 0].astype("i8").tolist()):
                members = numpy.append(self.set_member[self.set_place[number] : self.set_place[number + 1]] != 0, False)
                is_known = (column >= 0.0) & (column < members.size) & (numpy.trunc(column) == column)
                place = numpy.where(is_known, column, members.size - 1).astype("i8")
                members.take(place, out=found[row], mode="clip")
                if rule & 2:
                    found[row] |= column != column


    def _float32s_at(numpy, limits, is_up):
        """The next float32 numbers not below (or not above) float64 limits; float32 numbers compare with both alike."""
        narrow = limits.astype("f4")
        is_off = numpy.where(is_up, narrow < limits, narrow > limits)
        next_one = numpy.nextafter(narrow, numpy.where(is_up, numpy.inf, -numpy.inf).astype("f4"))
        return numpy.where(is_off, next_one, narrow)
    """#
}
