/// The part of emitted modules that finds the leaves of many events at once, with NumPy.
///
/// NumPy goes through memory for each of its operations, so what counts is how many bytes they touch. A comparison for each
/// different test and event leaves one bit; from there to the leaf eight events share a byte (`PythonColumnMasks`). 500 trees of 64
/// leaves take 6 ns a tree and an event on one core; sets of leaves that the rank of a number leaves open took 14, and all events
/// going down a tree together, level by level, 45. They still do that where trees are so large that few events come to a split
/// (`PythonColumnWalk`).
enum PythonColumnTrees {
  static let code = #"""
    class _Shape(NamedTuple):
        """A tree, or the upper levels of one: its splits, and where they lead, to splits or to its ends (~end)."""

        splits: Any
        left: Any
        right: Any
        ends: Any  # what the ends are in the whole tree
        total: int  # splits of the whole tree


    class _Trees:
        """Finds the leaves that many events reach, each event being one row of every column."""

        def __init__(self, numpy, ensembles, first_leaf, feature, threshold, left, right, rule, set_place, set_member):
            self.numpy = numpy
            self.first_leaf, self.feature, self.threshold = first_leaf, feature, threshold
            self.left, self.right = left, right
            self.first_split = first_leaf - numpy.arange(first_leaf.size)
            self.set_place, self.set_member = set_place, set_member
            self.rule = rule = numpy.broadcast_to(numpy.asarray(rule), left.shape)

            def count(is_so):
                return numpy.diff(numpy.append(0, numpy.cumsum(is_so))[self.first_split]).tolist()

            ensembles = set(ensembles)
            nothing = numpy.zeros(0, "i8")
            forms, odd = count(rule & 4 != 0), count((rule & 8 != 0) | ~numpy.isfinite(threshold))
            # Trees that are asked together: neighbours of one ensemble.
            self.blocks, self.block_of_tree = [], []
            for tree, size in enumerate(numpy.diff(self.first_split).tolist()):
                kind = _Single if forms[tree] else _Masks if size < 512 or odd[tree] else _Walk
                shape = self.shape(tree, _Walk.LEVELS if kind is _Walk else 0 if kind is _Single else size)
                if tree in ensembles or kind is not self.blocks[-1][1] or room < shape.splits.size + 1:
                    self.blocks.append((tree, kind, []))
                    room = 1024
                self.blocks[-1][2].append(shape)
                room -= shape.splits.size + 1
                self.block_of_tree.append(len(self.blocks) - 1)
            of_block = [numpy.concatenate([shape.splits for shape in shapes]) for _, _, shapes in self.blocks]
            self.tests = _Tests(self, numpy.concatenate(of_block + [nothing]))
            # Blocks whose tests are answered together: as many answers as can well be kept.
            self.plans, start = [], 0
            is_known = numpy.zeros(self.tests.kind.size, "?")
            for index, (splits, (first, _, _)) in enumerate(zip(of_block, self.blocks)):
                tests = self.tests.of_split[start : start + splits.size]
                start += splits.size
                own = numpy.unique(tests)
                new = own[~is_known[own]]
                if first in ensembles or new.size > room:
                    self.plans.append([])
                    is_known[:] = False
                    new, room = own, 16384
                is_known[new] = True
                room -= new.size
                self.plans[-1].append(new)
                self.blocks[index] += (len(self.plans) - 1, tests)

        def shape(self, tree, levels):
            """The upper levels of a tree, ends from left to right."""
            numpy = self.numpy
            start, end = self.first_split[tree : tree + 2].tolist()
            left, right = self.left[start:end], self.right[start:end]
            if levels == 0:
                return _Shape(*[left[:0]] * 4, 0)
            if levels >= left.size:
                return _Shape(numpy.arange(start, end), left, right, None, left.size)
            level, path = numpy.zeros(1, "i8"), numpy.zeros(1, "i8")
            splits, ends, paths = [level], [], []
            for depth in range(1, levels + 1):
                child = numpy.stack((left[level], right[level]), axis=1).ravel()
                path = numpy.stack((2 * path, 2 * path + 1), axis=1).ravel()
                is_end = (child < 0) | (depth == levels)
                ends.append(child[is_end])
                paths.append(path[is_end] << levels - depth)
                level, path = child[~is_end], path[~is_end]
                splits.append(level)
            splits, ends = numpy.concatenate(splits), numpy.concatenate(ends)[numpy.argsort(numpy.concatenate(paths))]
            # Leaves count from the end, as list places do.
            number = numpy.zeros(2 * left.size + 1, "i8")
            number[splits], number[ends] = numpy.arange(splits.size), ~numpy.arange(ends.size)
            return _Shape(start + splits, number[left[splits]], number[right[splits]], ends, left.size)

        def leaves(self, rows, x, walk):
            """A function that gives each event's leaf in a tree, or what a table says of it; trees are best asked in order."""
            asked = _Asked(self, rows, x, walk)
            now = [0, 0, None]

            def leaf_of(tree, table=None):
                if not now[0] <= tree < now[1]:
                    index = self.block_of_tree[tree]
                    if type(self.blocks[index]) is tuple:
                        first, kind, shapes, plan, tests = self.blocks[index]
                        if type(self.plans[plan]) is list:
                            chosen = self.numpy.sort(self.numpy.concatenate(self.plans[plan]))
                            self.plans[plan] = chosen, self.tests.plan(chosen)
                        tests = self.plans[plan][0].searchsorted(tests)
                        self.blocks[index] = kind(self, first, shapes, plan, tests)
                    block = self.blocks[index]
                    now[:] = block.first, block.last, block.leaves(rows, asked)
                numbers, first_leaf = now[2](tree)
                if table is None:
                    return self.numpy.add(numbers, first_leaf, dtype="i8")
                return table[first_leaf:].take(numbers, mode="clip")

            return leaf_of


    class _Asked:
        """What is found out about events while their trees are asked."""

        def __init__(self, trees, rows, x, walk):
            self.trees, self.rows, self.x, self.walk = trees, rows, x, walk
            self.plan = self.found = self.table = None

        def answers(self, plan):
            """The answers to the tests of one plan."""
            if self.plan != plan:
                self.plan, self.found = plan, None
                self.found = self.trees.tests.answers(self.trees.plans[plan][1], self.rows, self.x)
            return self.found

        def values(self, inputs):
            """The columns as one list of rows, and whether there is a NaN."""
            if self.table is None:
                numpy = self.trees.numpy
                table = numpy.stack(self.x[:inputs], axis=1).ravel()
                self.table = table, bool(numpy.isnan(table).any())
            return self.table


    class _Single:
        """Trees that ask for sums over inputs: they are asked like one event at a time."""

        def __init__(self, trees, first, shapes, plan, tests):
            self.first, self.last = first, first + len(shapes)

        def leaves(self, rows, asked):
            return lambda tree: (asked.walk(rows, tree, asked.x), 0)
    """#
}
