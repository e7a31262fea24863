import ForestIR

/// How a module goes through trees that are tables, for one event.
///
/// A tree becomes a list of lists that hold one another, at the first use: a level is then one unpacking and one comparison, which
/// takes Python 90 ns; looking up four tables takes it 150. (500 trees of depth 6.) Reading such lists from the source text would
/// cost each import many times what making them from tables does.
struct PythonWalk {
  private enum NaNSide { case left, right, either }
  private let isLess: Bool
  private let nanSide: NaNSide

  /// Nil for trees that ask anything else than `x < t` throughout or `x <= t` throughout; their walk is the program's own.
  init?(_ forest: Forest) {
    let rules = Set(forest.model.ensembles.lazy.flatMap(\.trees).flatMap(\.splits).map { Int(TreeRule.code($0)) })
    guard !rules.isEmpty, rules.allSatisfy({ $0 & (TreeRule.linear + TreeRule.inSet) == 0 }) else { return nil }
    let tests = Set(rules.map { $0 & TreeRule.orEqual })
    guard tests.count == 1 else { return nil }
    isLess = tests == [0]
    let sides = Set(rules.map { $0 & TreeRule.nanLeft })
    nanSide = sides.count > 1 ? .either : sides == [0] ? .right : .left
  }

  /// Whether a routine is one that this replaces.
  static func replaces(_ routine: Routine) -> Bool { routine.name == "find_leaf" || routine.name == "find_leaf_wide" }

  func print(_ routine: Routine, names: PythonNames, isFirst: Bool, to printer: inout CodePrinter) {
    func table(_ name: String) -> String { names.global(name) }
    let isEither = nanSide == .either
    if isFirst {
      printer.line(
        """


        # The root of each tree, once it has been asked for: a list of an input, a threshold, \(isEither ? "the way of NaN, " : "")the next split or leaf
        # on the left and on the right.
        _roots: List[Any] = []


        def _grown():
            roots = []
            for tree, first in enumerate(\(table("first_leaf"))[:-1]):
                start, end = first - tree, \(table("first_leaf"))[tree + 1] - tree - 1
                splits = [
                    [\(table("feature"))[split], \(table("threshold"))[split], \(isEither ? "None, " : "")None, None]
                    for split in range(start, end)
                ]
                for split, node in enumerate(splits, start):
                    left, right = \(table("left_child"))[split], \(table("right_child"))[split]
                    node[-2] = splits[left] if left >= 0 else first + ~left
                    node[-1] = splits[right] if right >= 0 else first + ~right
        \(isEither ? "            node[2] = node[-2] if \(table("rule"))[split] & \(TreeRule.nanLeft) else node[-1]\n" : "")\
                roots.append(splits[0] if splits else first)
            _roots[:] = roots
            return roots
        """)
    }
    printer.line()
    printer.line()
    printer.line("# " + routine.comment)
    printer.line("def \(names.global(routine.name))(tree, x):")
    let below = isLess ? "<" : "<=", above = isLess ? ">=" : ">"
    printer.indented { printer in
      printer.line("node = (_roots or _grown())[tree]")
      printer.line("while node.__class__ is list:")
      printer.indented { printer in
        printer.line("feature, threshold, \(isEither ? "nan, " : "")left, right = node")
        switch nanSide {
        case .right: printer.line("node = left if x[feature] \(below) threshold else right")
        case .left: printer.line("node = right if x[feature] \(above) threshold else left")
        case .either:
          printer.line("value = x[feature]")
          printer.line("node = left if value \(below) threshold else right if value \(above) threshold else nan")
        }
      }
      printer.line("return node")
    }
  }
}
