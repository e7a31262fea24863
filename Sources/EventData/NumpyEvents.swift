/// The rows of one NumPy array: two axes, rows × inputs, or one axis for a single input.
final class NumpyEvents: EventBlocks {
  private let array: NumpyArray
  private let width: Int
  private var rowsLeft: Int

  init(_ array: NumpyArray, inputs: [String]) throws(DataError) {
    let shape = array.header.shape
    guard shape.count == 2 || (shape.count == 1 && inputs.count == 1) else {
      throw DataError(
        path: array.path, what: "\(array.name) has the shape \(shapeText(shape)), not rows × inputs",
        hint: "the model has \(inputs.count) inputs: save an array of shape (rows, \(inputs.count))")
    }
    guard shape.count == 1 || shape[1] == inputs.count else {
      throw DataError(
        path: array.path, what: "\(array.name) has \(shape[1]) columns, the model has \(inputs.count) inputs",
        hint: "columns are taken in the order of the model's inputs, and there must be exactly as many")
    }
    // Rows of no numbers take no bytes, so a file could claim any number of them.
    guard !inputs.isEmpty || shape[0] == 0 else {
      throw DataError(path: array.path, what: "\(array.name) has rows without columns")
    }
    self.array = array
    width = inputs.count
    rowsLeft = shape[0]
  }

  func read(rows limit: Int, into block: inout [Double]) throws(DataError) -> Int {
    let rows = min(limit, rowsLeft)
    if rows == 0 {
      try array.checkEnd()
      return 0
    }
    let start = block.count
    block.append(contentsOf: repeatElement(0, count: rows * width))
    try array.read(rows * width, into: &block, from: start, stride: 1)
    rowsLeft -= rows
    return rows
  }
}

/// The rows of an `.npz` archive with one array per input, each with one axis.
final class ArchiveColumns: EventBlocks {
  private let columns: [NumpyArray]
  private var rowsLeft: Int

  /// The arrays stand in the order of the inputs; there is at least one.
  init(_ columns: [NumpyArray]) throws(DataError) {
    for column in columns {
      guard column.header.shape.count == 1 else {
        throw DataError(
          path: column.path, what: "\(column.name) has the shape \(shapeText(column.header.shape)), not one axis",
          hint: "an archive holds one array of rows × inputs, or one array with one axis per input")
      }
      guard column.count == columns[0].count else {
        throw DataError(
          path: column.path,
          what: "\(column.name) has \(column.count) numbers, \(columns[0].name) has \(columns[0].count)",
          hint: "all inputs need the same number of rows")
      }
    }
    self.columns = columns
    rowsLeft = columns[0].count
  }

  func read(rows limit: Int, into block: inout [Double]) throws(DataError) -> Int {
    let rows = min(limit, rowsLeft)
    if rows == 0 {
      for column in columns { try column.checkEnd() }
      return 0
    }
    let start = block.count
    block.append(contentsOf: repeatElement(0, count: rows * columns.count))
    for (index, column) in columns.enumerated() {
      try column.read(rows, into: &block, from: start + index, stride: columns.count)
    }
    rowsLeft -= rows
    return rows
  }
}

/// Chooses how the arrays of an `.npz` archive are read.
func archiveEvents(
  _ archive: ZipArchive, inputs: [String], byPosition: Bool
) throws(DataError) -> any EventBlocks {
  func fileName(_ input: String) -> [UInt8] { Array("\(input).npy".utf8) }
  if archive.members.count == 1 {
    let member = archive.members[0]
    let array = try NumpyArray(archive.open(member), member: member.name)
    // A single column under another name is not what the model asked for; "arr_0" is what NumPy calls a nameless one.
    let isNameless = member.name == fileName("arr_0")
    if array.header.shape.count != 1 || byPosition || isNameless {
      return try NumpyEvents(array, inputs: inputs)
    }
  }
  guard !inputs.isEmpty else {
    throw DataError(path: archive.path, what: "the model has no inputs, so the number of rows is not known")
  }
  var columns: [NumpyArray] = []
  // A model may read one column twice; each reading goes through the archive on its own.
  for input in inputs {
    let found = archive.members.filter { $0.name == fileName(input) }
    guard found.count <= 1 else {
      throw DataError(path: archive.path, what: "the archive holds \(found.count) arrays named \(quoted(input))")
    }
    guard let member = found.first else {
      let names = archive.members.map { $0.name.suffix(4) == Array(".npy".utf8)[...] ? $0.name.dropLast(4) : $0.name[...] }
      let nearest = NearestName.nearest(to: Array(input.utf8), among: names.map { Array($0) })
      throw DataError(
        path: archive.path, what: "the array \(quoted(input)), which the model reads, is missing",
        hint: nearest.map { "did you mean \(quoted($0))?" }
          ?? "an archive holds one array of rows × inputs, or one array per input name")
    }
    columns.append(try NumpyArray(archive.open(member), member: member.name))
  }
  return try ArchiveColumns(columns)
}

/// A shape as Python writes it.
private func shapeText(_ shape: [Int]) -> String {
  "(\(shape.map(String.init).joined(separator: ", "))\(shape.count == 1 ? "," : ""))"
}
