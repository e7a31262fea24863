/// The part of emitted modules that leads many events to the leaves of trees with masks, with NumPy.
enum PythonColumnMasks {
  static let code = #"""
    class _Masks:
        """Trees that are asked together: which events come to a split, and who of them goes right, are rows of bits.

        A turn to the right flips some bits in the number of the leaf that turning left from there on would lead to.
        """

        def __init__(self, trees, first, shapes, plan, tests):
            self.numpy = numpy = trees.numpy
            self.first, self.last, self.plan = first, first + len(shapes), plan
            self.offsets = trees.first_leaf[first : self.last].tolist()
            count = len(shapes)
            sizes = numpy.array([shape.splits.size for shape in shapes])
            tree = numpy.repeat(numpy.arange(count), sizes)
            start = (numpy.cumsum(sizes) - sizes)[tree]
            left, right = (
                numpy.where(child < 0, child, child + start)
                for child in (numpy.concatenate([shape[side] for shape in shapes]) for side in (1, 2))
            )
            levels = [numpy.unique(start)]
            while levels[-1].size:
                children = numpy.concatenate((left[levels[-1]], right[levels[-1]]))
                levels.append(children[children >= 0])
            far_left = numpy.zeros(tree.size, "i8")
            for level in reversed(levels):
                far_left[level] = numpy.where(left[level] < 0, ~left[level], far_left[numpy.maximum(left[level], 0)])
            turn = far_left ^ numpy.where(right < 0, ~right, far_left[numpy.maximum(right, 0)])
            # The rows of a level: who goes right at each split, and who goes left to another split.
            goes_right, comes = numpy.zeros(tree.size, "i8"), numpy.zeros(tree.size, "i8")
            self.steps, self.rows = [], 0
            for level in levels[:-1]:
                is_split = left[level] >= 0
                level = numpy.concatenate((level[is_split], level[~is_split]))
                begin = self.rows
                middle, self.rows = begin + level.size, begin + level.size + numpy.count_nonzero(is_split)
                self.steps.append((tests[level], comes[level] if begin else None, begin, middle, self.rows))
                goes_right[level] = numpy.arange(begin, middle)
                comes[left[level[: self.rows - middle]]] = numpy.arange(middle, self.rows)
                level = level[right[level] >= 0]
                comes[right[level]] = goes_right[level]
            # A plane for each bit of the leaves' numbers in each tree; the first step flips every plane once, and so on.
            self.bits = max(1, int(sizes.max()).bit_length())
            roots = levels[0]
            split, bit = numpy.nonzero(numpy.append(turn, far_left[roots])[:, None] >> numpy.arange(self.bits) & 1)
            plane = bit * count + numpy.append(tree, tree[roots])[split]
            flips = numpy.append(goes_right, numpy.full(roots.size, self.rows))
            flips = flips[split[numpy.argsort(plane, kind="stable")]]
            many = numpy.bincount(plane, minlength=self.bits * count)
            starts = numpy.cumsum(many) - many
            order = numpy.argsort(-many, kind="stable")
            self.place_of_plane = numpy.argsort(order)
            self.flips = []
            for step in range(many.max()):
                self.flips.append(flips[starts[order[: numpy.count_nonzero(many > step)]] + step])

        def numbers(self, rows, answers):
            """The number of the leaf for each tree and event."""
            numpy = self.numpy
            answers = answers(self.plan)
            words = answers.shape[1]
            masks = numpy.empty((self.rows + 1, words), "u8")
            masks[-1] = numpy.uint64(0xFFFFFFFFFFFFFFFF)
            most = max((middle - begin for _, _, begin, middle, _ in self.steps), default=0)
            asked, here = numpy.empty((2, most, words), "u8")
            for tests, comes, begin, middle, end in self.steps:
                right, left = masks[begin:middle], masks[middle:end]
                if comes is None:
                    answers.take(tests, axis=0, out=right, mode="clip")
                    numpy.invert(right[: len(left)], out=left)
                    continue
                answers.take(tests, axis=0, out=asked[: len(right)], mode="clip")
                masks.take(comes, axis=0, out=here[: len(right)], mode="clip")
                numpy.bitwise_and(asked[: len(right)], here[: len(right)], out=right)
                numpy.bitwise_xor(here[: len(left)], right[: len(left)], out=left)
            planes = numpy.zeros((self.place_of_plane.size, words), "u8")
            flipped = numpy.empty_like(planes)
            for flips in self.flips:
                masks.take(flips, axis=0, out=flipped[: flips.size], mode="clip")
                planes[: flips.size] ^= flipped[: flips.size]
            planes = planes.take(self.place_of_plane, axis=0, mode="clip").view("u1")
            bits = numpy.unpackbits(planes, axis=1).reshape(self.bits, self.last - self.first, -1)
            number = bits[-1] if self.bits <= 8 else bits[-1].astype("i4")
            for bit in reversed(bits[:-1]):
                number += number
                number |= bit
            return number[:, :rows]

        def leaves(self, rows, asked):
            numbers = self.numbers(rows, asked.answers)
            return lambda tree: (numbers[tree - self.first], self.offsets[tree - self.first])
    """#
}
