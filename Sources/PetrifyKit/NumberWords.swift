import Foundation

/// Numbers for people: short, and never mistaken for the exact ones.
enum NumberWords {
  static func short(_ value: Double, digits: Int = 6) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    return String(format: "%.\(digits)g", value)
  }

  static func percent(_ part: Int, of whole: Int) -> String {
    whole == 0 ? "" : String(format: "%.1f %%", 100 * Double(part) / Double(whole))
  }

  /// A bar of up to `width` characters, in eighths of a character.
  static func bar(_ part: Int, of whole: Int, width: Int) -> String {
    guard whole > 0, part > 0, width > 0 else { return "" }
    let eighths = max(1, (part * width * 8 + whole / 2) / whole)
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return String(repeating: "█", count: eighths / 8) + rest
  }

  /// `1 tree`, `2 trees`.
  static func count(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(count) \(count == 1 ? one : many ?? one + "s")"
  }

  /// `a`, `a and b`, `a, b and c`.
  static func list(_ parts: [String]) -> String {
    guard parts.count > 1, let last = parts.last else { return parts.first ?? "" }
    return parts.dropLast().joined(separator: ", ") + " and " + last
  }
}
