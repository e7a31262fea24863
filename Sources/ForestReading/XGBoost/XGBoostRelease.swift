import Decimals
import FileBytes

/// The release of XGBoost that saved a model, and the rules that changed from one to the next (as the tags of its source
/// repository show them).
struct XGBoostRelease: Sendable, Comparable, CustomStringConvertible {
  let major: Int
  let minor: Int
  let patch: Int?

  init(_ major: Int, _ minor: Int, _ patch: Int? = nil) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  /// Files from before 1.0 do not say which release wrote them.
  static let beforeOne = XGBoostRelease(0, 90)

  var description: String {
    self == .beforeOne ? "before 1.0" : "\(major).\(minor)" + (patch.map { ".\($0)" } ?? "")
  }

  static func < (a: XGBoostRelease, b: XGBoostRelease) -> Bool { (a.major, a.minor) < (b.major, b.minor) }
  static func == (a: XGBoostRelease, b: XGBoostRelease) -> Bool { (a.major, a.minor) == (b.major, b.minor) }

  private func isSince(_ major: Int, _ minor: Int) -> Bool { (self.major, self.minor) >= (major, minor) }

  /// The base score is kept in the space of predictions; before, as the margin that the sums start with.
  var keepsScoreOfPredictions: Bool { isSince(1, 0) }
  /// Leaves are added to the base score one by one; before, they were summed from 0 and the base score came last.
  var startsWithBaseScore: Bool { isSince(1, 3) }
  /// `binary:logitraw` takes its base score as the margin itself; before, as a probability.
  var takesRawBaseScore: Bool { isSince(1, 4) }
  /// The logistic function bounds the argument of its exponential.
  var boundsLogistic: Bool { isSince(1, 6) }
  /// A category that no training event had goes right or left by the list; in 1.6 it went with missing values.
  var hasOddCategories: Bool { (major, minor) == (1, 6) }
  /// The base score of logistic objectives is kept 1e-6 away from 0 and 1.
  var boundsBaseScore: Bool { isSince(3, 2) }
  /// Several quantiles or expectiles are put in order after the sums.
  var ordersQuantiles: Bool { isSince(3, 3) }
}

extension Int {
  /// Whole text of digits with an optional sign; nil for anything else and for what does not fit.
  init?(parameter text: String) {
    guard let number: Int = DecimalText.integer(Array(text.utf8).span) else { return nil }
    self = number
  }
}
