package import ForestIR

/// The types of the little language in which emitted programs are planned.
package enum ScalarType: Sendable, Hashable {
  case float32
  case float64
  /// A 32-bit signed integer. Programs keep it in range themselves.
  case int32
  case truth

  package init(_ width: Width) {
    self = width == .float32 ? .float32 : .float64
  }

  package var isFloating: Bool { self == .float32 || self == .float64 }
}
