import ForestIR

/// A version as weight files state it: `6.05/01 [394497]`, the number in brackets being (major<<16) + (minor<<8) + patch.
struct TMVARelease: Equatable {
  /// The text before the bracket.
  let name: String
  /// The number in brackets; nil where there is none.
  let code: Int?

  init(_ text: String) {
    let parts = text.split(separator: "[", maxSplits: 1)
    name = parts.first?.trimmed ?? ""
    code = parts.count == 2 ? Int(parts[1].prefix { $0.isNumber }) : nil
  }

  static func root(_ major: Int, _ minor: Int, _ patch: Int = 0) -> Int { major << 16 + minor << 8 + patch }
}

/// What a method's `GeneralInfo` says.
struct GeneralInfo {
  enum Analysis: String {
    case classification, regression, multiclass
  }

  var tmva: TMVARelease?
  var root: TMVARelease?
  /// Nil where the file does not say.
  var analysis: Analysis?
  /// When it was trained and on how many events, for people.
  var facts: [Provenance.Fact] = []

  init(_ element: XMLElement?, _ context: TMVAContext) throws(ReadError) {
    guard let element else { return }
    for info in element.children(named: "Info") {
      let value = info.attribute("value") ?? ""
      switch info.attribute("name") {
      case "TMVA Release", "TMVA": tmva = TMVARelease(value)
      case "ROOT Release", "ROOT": root = TMVARelease(value)
      case "AnalysisType":
        guard let analysis = Analysis(rawValue: value.trimmed.lowercased()) else {
          throw context.error(
            .malformed, info, attribute: "value", "the analysis type \"\(value)\" is none that a forest can have",
            hint: "Classification, Regression and Multiclass are read")
        }
        self.analysis = analysis
      case "Date": facts.append(Provenance.Fact("date", value))
      case "Training events": facts.append(Provenance.Fact("training events", value))
      default: break
      }
    }
  }

  /// Whether the program that trained the forest tested `x > cut`: ROOT up to 5.34/19, and 6.00.
  var trainedWithStrictGreater: Bool {
    guard let code = root?.code else { return false }
    return code < TMVARelease.root(5, 34, 20) || (TMVARelease.root(6, 0)..<TMVARelease.root(6, 2)).contains(code)
  }
}
