import ForestIR

extension NodeArrays {
  /// Reads nodes given as rows `[left, right, feature, threshold, impurity, samples, weighted samples]`, of which newer ones
  /// have an eighth entry: where missing values go.
  mutating func readNodeRows(_ cursor: inout JSONCursor) throws(ReadError) {
    var left: [Int32] = [], right: [Int32] = [], feature: [Int32] = [], threshold: [Double] = []
    var samples: [Int32] = [], missing: [Bool] = []
    try cursor.beginArray()
    while try cursor.nextElement() {
      let place = cursor.here
      var column = 0
      try cursor.beginArray()
      while try cursor.nextElement() {
        switch column {
        case 0: left.append(Int32(try cursor.integer(in: -1...NodeArrays.nodeLimit, "a child")))
        case 1: right.append(Int32(try cursor.integer(in: -1...NodeArrays.nodeLimit, "a child")))
        case 2: feature.append(Int32(try cursor.integer(in: -2...NodeArrays.nodeLimit, "a feature")))
        case 3: threshold.append(try cursor.number())
        case 5: samples.append(Int32(try cursor.integer(in: 0...NodeArrays.nodeLimit, "a number of samples")))
        case 7: missing.append(try cursor.kind() == .bool ? cursor.bool() : cursor.integer(in: 0...1, "a flag") == 1)
        default: break
        }
        column += 1
      }
      guard column == 7 || column == 8 else {
        throw cursor.fault(.inconsistent, at: place, "a row of \(column) entries for a node, not 7 or 8")
      }
    }
    self.left = left
    self.right = right
    self.feature = feature
    self.threshold = threshold
    self.samples = samples
    if !missing.isEmpty { missingLeft = missing }
  }
}
