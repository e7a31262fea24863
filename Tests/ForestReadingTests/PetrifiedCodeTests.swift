import ForestEvaluation
import ForestIR
import ForestReading
import ForestTesting
import Testing

/// Code in the shapes of petrify-bdt and petrifyML, of trees of our own, against the same arithmetic written out here.
@Suite struct PetrifiedCodeTests {
  // MARK: The trees, in each dress

  /// `if (x[0] >= 1.5) 0.25 else (if (x[2] < -0.1) -1.5 else 0.7)`, and `if (x[1] < 2e-05) 1 else -1`: leaves `L0…L4`.
  static func trees(_ x: [Double], _ leaves: [Double]) -> [Double] {
    [x[0] >= 1.5 ? leaves[0] : x[2] < -0.1 ? leaves[1] : leaves[2], x[1] < 2e-05 ? leaves[3] : leaves[4]]
  }

  static let responses = ["0.25", "-1.5", "0.7", "1.0", "-0.0"]
  static let votes = ["1", "-1", "1", "-1", "1"]

  static func cppTree(_ index: Int, _ leaves: [String], type: String, comments: Bool = false) -> String {
    let mark = comments ? " // node type: -99" : ""
    let body = index == 0
      ? """
          if (args[0] >= 1.5) {
            return \(leaves[0]);\(mark)
          } else {
            if (args[2] < -0.1) {
              return \(leaves[1]);\(mark)
            } else {
              return \(leaves[2]);\(mark)
            }
          }
        """
      : "  if (args[1] < 2e-05) {\n    return \(leaves[3]);\(mark)\n  } else {\n    return \(leaves[4]);\(mark)\n  }"
    return "template <typename C=std::vector<double>>\ninline \(type) tag_00\(index)(const C& args) {\n\(body)\n}\n\n"
  }

  static func pythonTree(_ index: Int, _ leaves: [String]) -> String {
    index == 0
      ? """
        def tag_000(args):
          if args[0] >= 1.5:
            return \(leaves[0])
          else:
            if args[2] < -0.1:
              return \(leaves[1])
            else:
              return \(leaves[2]) # node type: 1


        """
      : "def tag_001(args):\n  if args[1] < 2e-05:\n    return \(leaves[3])\n  else:\n    return \(leaves[4])\n\n"
  }

  enum Case: String, CaseIterable {
    case cppVotes, cppResponses, cppGradient, cppMulticlass, pythonVotes, pythonResponses, pythonGradient, pythonMulticlass
    case switchBoosted, switchSigmoid

    var isPython: Bool { rawValue.hasPrefix("python") }
    var leaves: [String] { self == .cppVotes || self == .pythonVotes ? votes : responses }

    var text: String {
      let mean = "(0.75*tag_000(args) + 1.25*tag_001(args)) / 2.0"
      let gradient = "2.0/(1.0+exp(-2.0*(tag_000(args) + tag_001(args))))-1.0"
      let python = pythonTree(0, leaves) + pythonTree(1, leaves)
      let shebang = "#! /usr/bin/env python\n"
      let template = "template <typename C=std::vector<double>>\ninline double tag(const C& args) {\n  return "
      func cpp(_ type: String, comments: Bool = true) -> String {
        cppTree(0, leaves, type: type, comments: comments) + cppTree(1, leaves, type: type, comments: comments)
      }
      switch self {
      case .cppVotes:
        return "#include <vector>\n#include <iostream>\n\n\(cpp("int", comments: false))\(template)\(mean);\n}\n\n"
          + "int main() {\n  std::vector<double> args(1.0, 4);\n  double x = tag(args);\n  std::cout << x << std::endl;\n  return bool(x);\n}\n"
      case .cppResponses: return "#include <vector>\n\n\(cpp("double"))\(template)\(mean);\n}"
      case .cppGradient:
        return "// This code was produced by petrifyML 2.1.0, from the inputfile:\n//\t'a.xml'\n\n#include <vector>\n#include <math.h>\n\n"
          + "\(cpp("double"))\(template)\(gradient);\n}"
      case .cppMulticlass:
        return "#include <vector>\n#include <math.h>\n\(cpp("double"))template <typename C=std::vector<double>>\n"
          + """
          inline std::vector<double> tag(const C& args) {
            std::vector<double> result;
            std::vector<double> vals = { exp(tag_000(args)), exp(tag_001(args)) };
            for(int ic = 0; ic < 2; ic++){
              double norm = 0.0;
              for( int jc = 0; jc < 2; jc++){
                if (ic == jc) continue;
                norm += vals[jc] / vals[ic];
              }
              result.push_back(1.0 / (1.0 + norm));
            }
            return result;
          }
          """
      case .pythonVotes, .pythonResponses: return "\(shebang)\n\(python)def tag(args):\n  return \(mean)\n"
      case .pythonGradient:
        return "# This code was produced by petrifyML 2.1.0, from the inputfile:\n\n\(shebang)from math import exp\n\n\(python)"
          + "def tag(args):\n  return \(gradient)\n\nif __name__ == \"__main__\":\n  args = [1.0, 2.0, 3.5, 1e-07]\n  x = tag(args)\nprint(f\"{x:.15f}\")"
      case .pythonMulticlass:
        return "\(shebang)from math import exp\n\n\(python)"
          + """
          def tag(args):
            result = []
            vals = [exp(tag_000(args)), exp(tag_001(args))]
            for ic in range(2):
              norm = 0.0
              for jc in range(2):
                if (ic == jc): continue
                norm += vals[jc] / vals[ic]
              result.append(1.0 / (1.0 + norm))
            return result
          """
      case .switchBoosted, .switchSigmoid:
        let isSigmoid = self == .switchSigmoid
        let zeros = isSigmoid ? "0.000000000000000" : "0"
        func number(_ text: String) -> String {
          guard isSigmoid else { return text }
          let fraction = text.split(separator: ".")[1]
          return text + String(repeating: "0", count: 15 - fraction.count)
        }
        func tree(_ index: Int, _ values: [String], _ cases: String) -> String {
          "template <typename C=std::vector<double>>\ndouble tag_00\(index)_000(const C& args) {\n"
            + "  static const double values[\(values.count)] = { \(values.joined(separator: ", ")) };\n"
            + "  int inode = 0;\n  while (1) {\n    switch (inode) {\n\(cases)\n    }\n  }\n  return -1;\n}\n\n"
        }
        func inner(_ node: Int, _ variable: Int, _ cut: String, _ left: Int, _ right: Int) -> String {
          "case \(node):\n  inode = (args[\(variable)] <= \(number(cut))) ? \(left) : \(right); break;\n"
        }
        func leaf(_ node: Int) -> String { "case \(node):\n  return values[\(node)];\n" }
        let first = tree(
          0, [zeros, number("-1.5"), zeros, number("0.7"), number("0.25")],
          inner(0, 0, "1.5", 1, 2) + leaf(1) + inner(2, 2, "-0.1", 3, 4) + leaf(3) + leaf(4))
        let second = tree(1, [zeros, number("1.0"), number("-0.0")], inner(0, 1, "0.002", 1, 2) + leaf(1) + leaf(2))
        let sum = "tag_000_000(args) + tag_001_000(args)"
        let last = isSigmoid
          ? "inline double sigmoid (const double x){\n  return 1./(1+exp(-x));\n}\n\ntemplate <typename C=std::vector<double>>\n"
            + "double tag(const C& args) {\n  return sigmoid(0.100000000000000*(\(sum)));\n}"
          : "template <typename C=std::vector<double>>\ndouble tag(const C& args) {\n  return 0.1*(\(sum));\n}"
        return "#include <vector>\n\(isSigmoid ? "#include <cmath>\n" : "")\n\(first)\(second)\(last)"
      }
    }

    func expected(_ x: [Double]) -> [Double] {
      let values = trees(x, leaves.map { Double($0)! })
      switch self {
      case .cppVotes, .cppResponses, .pythonVotes, .pythonResponses:
        let (first, second) = (0.75 * values[0], 1.25 * values[1])
        return [(first + second) / 2]
      case .cppGradient, .pythonGradient:
        return [2.0 / (1.0 + ReferenceArithmetic.exponential(-2.0 * (values[0] + values[1]))) - 1.0]
      case .cppMulticlass, .pythonMulticlass:
        let powers = values.map { ReferenceArithmetic.exponential($0) }
        return [1.0 / (1.0 + (0.0 + powers[1] / powers[0])), 1.0 / (1.0 + (0.0 + powers[0] / powers[1]))]
      case .switchBoosted, .switchSigmoid:
        let sum = (x[0] <= 1.5 ? -1.5 : x[2] <= -0.1 ? 0.7 : 0.25) + (x[1] <= 0.002 ? 1.0 : -0.0)
        return [self == .switchBoosted ? 0.1 * sum : 1 / (1 + ReferenceArithmetic.exponential(-(0.1 * sum)))]
      }
    }
  }

  static let rows: [[Double]] = {
    let cuts = [[1.5], [2e-05, 0.002], [-0.1]]
    let points = cuts.map { $0.flatMap { [$0, $0.nextUp, $0.nextDown] } + [.nan, .infinity, -.infinity, 0, -0.0] }
    return points[0].flatMap { a in points[1].flatMap { b in points[2].map { [a, b, $0, 0.5] } } }
  }()

  @Test(arguments: Case.allCases) func bits(of one: Case) throws {
    let forest = try ModelReading.forest(bytes: Array(one.text.utf8), name: one.isPython ? "tag.py" : "tag.cc")
    for x in Self.rows {
      let results = TMVAClassTests.results(forest, Array(x.prefix(forest.inputs.count)))
      #expect(sameBits(results, one.expected(x)), "\(one) \(x)")
    }
    // A main function says how many inputs there are.
    let isStated = one == .cppVotes || one == .pythonGradient
    #expect(forest.inputs.count == (isStated ? 4 : 3) && forest.inputs.allSatisfy(\.isUnnamed))
    #expect(forest.provenance.notes.contains { $0.text.contains("does not say how many inputs") } == !isStated)
    #expect(forest.provenance.format == (one.isPython ? "Python code" : "C++ code"))
  }

  @Test func digitsAreMeasured() throws {
    func notes(_ one: Case) throws -> [String] {
      try ModelReading.forest(bytes: Array(one.text.utf8), name: "tag").provenance.notes.map(\.text)
    }
    #expect(try notes(.cppVotes).contains { $0.contains("2 of 3 cuts are no float32 numbers") })
    #expect(try notes(.switchBoosted).contains { $0.contains("8 significant digits") && $0.contains("up to 5.0e-8") })
    #expect(try notes(.switchSigmoid).contains { $0.contains("15 digits after the point") && $0.contains("up to 5.0e-16") })
    #expect(try notes(.switchSigmoid).contains { $0.contains("leaves out where the boosting starts") })
  }

  /// A lone tree of scikit-learn answers with the number of the leaf's node, which is also its leaf number.
  @Test func aLoneTreeAnswersWithNodes() throws {
    let text = """
      #include <vector>

          template <typename C=std::vector<double>>
          int decision(const C& args) {
            int inode = 0;
            while (1) {
              switch (inode) {
              case 0:
                inode = (args[1] <= 0.5) ? 2 : 1; break;
              case 1:
                return 1;
              case 2:
                return 2;
              }
            }
            return -1;
          }
      """
    let forest = try ModelReading.forest(bytes: Array(text.utf8), name: "decision.cc")
    #expect(TMVAClassTests.results(forest, [9, 0.5]) == [2] && TMVAClassTests.results(forest, [9, .nan]) == [1])
    #expect(forest.model.ensembles[0].trees[0].leafNumbers == [1, 2])
  }

  // MARK: Refusals

  static let faults: [(Case, String, String, String)] = [
    (.cppVotes, "return 1;", "return 1; system(\"x\");", "is expected here"),
    (.cppVotes, "return 1;", "return 1.5;", "an integer"),
    (.cppVotes, "return 1;", "return 3000000000;", "a leaf of an int function"),
    (.cppVotes, "args[0] >=", "args[0] >", "`>=` or `<`"),
    (.cppVotes, "args[0] >=", "args[-1] >=", "an index into the inputs"),
    (.cppVotes, "tag_001(const", "tag_002(const", "where tag_001 is expected"),
    (.cppVotes, "0.75*tag_000(args) + 1.25*tag_001(args)", "0.75*tag_001(args) + 1.25*tag_000(args)", "`tag_000` is expected"),
    (.cppVotes, "0.75*tag_000(args) + 1.25*tag_001(args)", "0.75*tag_000(args)", "`+` is expected"),
    (.cppVotes, "/ 2.0;", "/ 2.0 + 1;", "is expected here"),
    (.cppVotes, "return bool(x);", "return 0;", "is expected here"),
    (.cppResponses, "tag_000", "exp_000", "the first function is called exp_000"),
    (.cppResponses, "if (args[2] <", "double fisher = 1; if (fisher <", "Fisher discriminant"),
    (.cppGradient, "exp(-2.0", "exp(-2.5", "is expected here"),
    (.cppGradient, "#include <math.h>", "#include <evil.h>", "is expected here"),
    (.cppGradient, "'a.xml'", "'a.xml'\\", "continued with a backslash"),
    (.cppMulticlass, "ic < 2", "ic < 3", "is expected here"),
    (.pythonVotes, "    return 1\n", "    return 1; import os\n", "is expected here"),
    (.pythonVotes, "    return 1\n", "     return 1\n", "an indentation of 5 blanks where 4"),
    (.pythonVotes, "    return 1\n", "\treturn 1\n", "a tab in the indentation"),
    (.pythonVotes, "  else:\n", "  elif True:\n", "`else` is expected"),
    (.pythonVotes, "0.75*", "1*", "a weight without a point"),
    (.pythonVotes, "/ 2.0", "/ 0.0", "divided by 0"),
    (.pythonVotes, "def tag(args):\n", "def tag(args):\n  import os\n", "is expected here"),
    (.pythonGradient, "from math import exp\n", "", "exp is not imported"),
    (.pythonMulticlass, "norm = 0.0", "norm = 1.0", "is expected here"),
    (.pythonMulticlass, "      if (ic", "    if (ic", "another indentation"),
    (.switchBoosted, "case 1:", "case 2:", "the case of node 1"),
    (.switchBoosted, "? 1 : 2", "? 1 : 1", "reached twice"),
    (.switchBoosted, "? 1 : 2", "? 1 : 0", "reached twice"),
    (.switchBoosted, "? 1 : 2", "? 1 : 77", "is not there"),
    (.switchBoosted, "return values[1];", "return values[2];", "takes value 2"),
    (.switchBoosted, "values[5] = { 0,", "values[4] = { 0,", "is expected here"),
    (.switchSigmoid, "1./(1+exp(-x))", "1./(1+exp(x))", "is expected here"),
  ]

  @Test(arguments: faults.indices) func refusals(_ index: Int) throws {
    let (one, old, new, message) = Self.faults[index]
    let text = one.text.replacing(old, with: new, maxReplacements: 1)
    #expect(text != one.text)
    let error = try #require(throws: ReadError.self) { try ModelReading.forest(bytes: Array(text.utf8), name: "tag") }
    #expect(error.message.contains(message), "\(error.message)")
    #expect(error.exitCode == 65)
  }

  /// What a Python or a C++ compiler takes for the end of a comment must not hide code from this reader.
  @Test func aLoneCarriageReturnIsRefused() throws {
    let text = Case.pythonVotes.text.replacing("# node type: 1", with: "# node type: 1\r  import os")
    let error = try #require(throws: ReadError.self) { try ModelReading.forest(bytes: Array(text.utf8), name: "tag") }
    #expect(error.message.contains("carriage return"))
    let windows = Case.pythonVotes.text.replacing("\n", with: "\r\n")
    #expect(throws: Never.self) { try ModelReading.forest(bytes: Array(windows.utf8), name: "tag") }
  }

  @Test(arguments: Case.allCases) func noPartAndNoMutationTraps(_ one: Case) {
    let original = Array(one.text.utf8)
    let format: ModelFormat = one.isPython ? .petrifiedPython : .petrifiedCpp
    var random = SplitMix64(seed: 5)
    for _ in 0..<80 {
      let bytes = mutated(original, &random)
      do { _ = try ModelReading.forest(bytes: bytes, name: "part", format: format) } catch { #expect(error.exitCode == 65) }
    }
    for length in stride(from: 0, to: original.count - 60, by: 7) {
      do { _ = try ModelReading.forest(bytes: Array(original[..<length]), name: "part", format: format) } catch {
        #expect(error.exitCode == 65)
      }
    }
  }
}
