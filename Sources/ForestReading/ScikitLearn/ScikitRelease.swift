/// The release of scikit-learn that trained a model, and the rules that changed from one to the next.
struct ScikitRelease: Sendable, Comparable, CustomStringConvertible {
  let major: Int
  let minor: Int
  /// As the file spells it.
  let description: String

  /// Reads `1.4.2`, `1.4`, `1.5.dev0`; nil for anything that does not start with two numbers.
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2, let major = Self.number(parts[0]), let minor = Self.number(parts[1]) else { return nil }
    self.major = major
    self.minor = minor
    description = text
  }

  init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
    description = "\(major).\(minor)"
  }

  private static func number(_ text: Substring) -> Int? {
    guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Int(text)
  }

  static func < (a: ScikitRelease, b: ScikitRelease) -> Bool { (a.major, a.minor) < (b.major, b.minor) }
  static func == (a: ScikitRelease, b: ScikitRelease) -> Bool { (a.major, a.minor) == (b.major, b.minor) }

  private func isSince(_ major: Int, _ minor: Int) -> Bool { (self.major, self.minor) >= (major, minor) }

  /// A classifier's tree holds fractions of classes; before, weighted counts.
  var storesFractions: Bool { isSince(1, 4) }
  /// A vote of AdaBoost (SAMME) counts against the other classes, too.
  var votesAgainst: Bool { isSince(1, 3) }
  /// Gradient boosting shares its losses with hist gradient boosting: other clipping, a plain softmax, and symmetric start
  /// values of several classes.
  var sharesLosses: Bool { isSince(1, 4) }
  /// AdaBoost knows no other algorithm than SAMME.
  var knowsOnlySAMME: Bool { isSince(1, 6) }
  /// Categories are encoded before they reach the trees of hist gradient boosting.
  var encodesCategories: Bool { isSince(1, 4) }
}
