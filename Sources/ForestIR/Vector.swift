/// A list of constants that is compared by bit pattern: NaN equals the same NaN, and 0 differs from −0.
package struct Vector: Sendable, Hashable, ExpressibleByArrayLiteral {
  package let elements: [Double]

  package init(_ elements: [Double]) { self.elements = elements }
  package init(arrayLiteral elements: Double...) { self.elements = elements }

  package var count: Int { elements.count }

  package static func == (a: Vector, b: Vector) -> Bool {
    a.elements.elementsEqual(b.elements) { $0.bitPattern == $1.bitPattern }
  }

  package func hash(into hasher: inout Hasher) {
    for element in elements { hasher.combine(element.bitPattern) }
  }
}
