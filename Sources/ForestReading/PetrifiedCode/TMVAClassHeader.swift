import ForestIR

/// What the comment at the head of a generated class says about the training. For people: nothing in it is computed with.
struct TMVAClassHeader {
  /// `BDT::BDTG`
  private(set) var method = ""
  private(set) var tmvaRelease = ""
  private(set) var rootRelease = ""
  private(set) var facts: [Provenance.Fact] = []

  private static let longestHeader = 1 << 20
  /// Options worth keeping.
  private static let options: Set = [
    "NTrees", "MaxDepth", "BoostType", "AdaBoostBeta", "Shrinkage", "UseYesNoLeaf", "UseFisherCuts", "DoPreselection",
    "VarTransform", "nCuts", "SeparationType",
  ]

  /// - Complexity: O(length of the comment).
  init(_ bytes: [UInt8]) {
    let head = bytes.prefix(Self.longestHeader)
    guard let start = head.firstRange(of: Array("/*".utf8)),
      let end = head[start.upperBound...].firstRange(of: Array("*/".utf8))
    else { return }
    for line in head[start.upperBound..<end.lowerBound].split(separator: UInt8(ascii: "\n")) {
      read(String(decoding: line.prefix(400), as: UTF8.self))
    }
  }

  private mutating func read(_ line: String) {
    guard let colon = line.firstIndex(of: ":") else { return }
    let name = String(line[..<colon].trimmed)
    let value = String(line[line.index(after: colon)...].trimmed)
    switch name {
    case "Method": method = value
    case "TMVA Release": tmvaRelease = Self.firstWord(value)
    case "ROOT Release": rootRelease = Self.firstWord(value)
    case "Date", "Creator", "Training events": facts.append(Provenance.Fact(name.lowercased(), ReadError.printable(value)))
    default:
      guard Self.options.contains(name), value.first == "\"", let end = value.dropFirst().firstIndex(of: "\"") else { return }
      facts.append(Provenance.Fact("option \(name)", ReadError.printable(String(value.dropFirst()[..<end]))))
    }
  }

  private static func firstWord(_ text: String) -> String {
    ReadError.printable(text.split(separator: " ").first.map(String.init) ?? "")
  }

  /// The facts, method and releases first.
  var allFacts: [Provenance.Fact] {
    [("method", method), ("TMVA release", tmvaRelease), ("ROOT release", rootRelease)]
      .filter { !$0.1.isEmpty }.map { Provenance.Fact($0.0, ReadError.printable($0.1)) } + facts
  }
}
