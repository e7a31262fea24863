/// The part of emitted modules that leads many events to the leaves of large trees, with NumPy.
///
/// A node is one word, so that a level takes two look-ups for an event, one in the tree and one in the event. (200 trees of 2,700 leaves:
/// 70 ns a tree and an event.)
enum PythonColumnWalk {
  static let code = #"""
    class _Walk:
        """Large trees: their upper levels are asked together, below them the events go down level by level."""

        LEVELS = 5  # that are asked together

        def __init__(self, trees, first, shapes, plan, tests):
            self.numpy = numpy = trees.numpy
            self.trees = trees
            self.top = _Masks(trees, first, shapes, plan, tests)
            self.first, self.last = first, self.top.last
            self.inputs = int(trees.feature.max()) + 1
            self.shapes, self.nodes = shapes, {}

        def plan_nodes(self, tree, shape, is_narrow):
            """A word for each node: a limit, the first child, the way of NaN, the input; then the nodes below the top."""
            numpy, trees = self.numpy, self.trees
            own = slice(trees.first_split[tree], trees.first_split[tree + 1])
            children = numpy.stack((trees.left[own], trees.right[own]), axis=1).ravel()
            rule, limits = trees.rule[own], trees.threshold[own].astype("f8")
            # x <= t is x < t', t' being the next number.
            limits = numpy.where(rule & 1 != 0, numpy.nextafter(limits, numpy.inf), limits)
            # Children of a split are neighbours; leaves lead to themselves. Leaves count from the end, as list places do.
            place = numpy.arange(1, children.size + 1)
            node = numpy.zeros(children.size + 1, "i8")
            node[children] = place
            leaf = numpy.zeros(children.size + 1, "i8")
            leaf[place] = ~children
            splits = node[: rule.size]
            bits = self.inputs.bit_length()
            way = numpy.arange(children.size + 1) << bits + 1
            way[splits] = place[::2] << bits + 1 | (rule & 2 == 0) << bits | trees.feature[own]
            words = numpy.full((children.size + 1, 2), numpy.nan, "<f4" if is_narrow else "<f8")
            words[splits, 0] = _float32s_at(numpy, limits, True) if is_narrow else limits
            words.view("<i4" if is_narrow else "<i8")[:, 1] = way
            return words.view("<i8" if is_narrow else "<c16").ravel(), node[shape.ends], leaf

        def leaves(self, rows, asked):
            numpy = self.numpy
            numbers = self.top.numbers(rows, asked.answers)
            values, has_nan = asked.values(self.inputs)
            bits = self.inputs.bit_length()
            most = max(2 * shape.total for shape in self.shapes)
            is_narrow = values.dtype == "f4" and most << bits + 1 < 1 << 31
            if not is_narrow:
                values = values.astype("f8", copy=False)
            number = "<f4" if is_narrow else "<f8"
            every_row = numpy.arange(rows)

            def leaf_of(tree):
                if (tree, is_narrow) not in self.nodes:
                    self.nodes[tree, is_narrow] = self.plan_nodes(tree, self.shapes[tree - self.first], is_narrow)
                words, start, leaf = self.nodes[tree, is_narrow]
                node = start.take(numbers[tree - self.first], mode="clip")
                found, row = None, every_row
                place = row * self.inputs
                level = 0
                while True:
                    word = words.take(node, mode="clip")
                    if level % 4 == 3:
                        # From time to time those that have come to a leaf are left behind; a leaf has no limit.
                        limit = word.view(number)[::2]
                        is_split = limit == limit
                        many = numpy.count_nonzero(is_split)
                        if many == 0 or 4 * many < 3 * node.size:
                            if found is None:
                                found = node
                            else:
                                found[row] = node
                            if many == 0:
                                return leaf.take(found, mode="clip"), self.top.offsets[tree - self.first]
                            live = numpy.flatnonzero(is_split)
                            row, word = row.take(live, mode="clip"), word.take(live, mode="clip")
                            place = row * self.inputs
                    way = word >> 32 if is_narrow else word.view("<i8")[1::2]
                    at = way & (1 << bits) - 1
                    at += place
                    value = values.take(at, mode="clip")
                    goes_right = value >= word.view(number)[::2]
                    if has_nan:
                        goes_right |= (value != value) & (way & 1 << bits != 0)
                    node = way >> bits + 1
                    node += goes_right
                    level += 1

            return leaf_of
    """#
}
