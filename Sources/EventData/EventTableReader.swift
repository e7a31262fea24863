import FileBytes

/// Something that hands out rows of inputs.
protocol EventBlocks: AnyObject {
  /// Appends up to `limit` rows, one after the other, and says how many; 0 only at the end.
  func read(rows limit: Int, into block: inout [Double]) throws(DataError) -> Int
}

/// Reads the inputs of a model from an event table, block by block, so that a table may be larger than memory.
///
/// The table is CSV, NumPy `.npy` or `.npz`, gzip-compressed or not. The kind is seen from the content, never from the
/// name. Values are float64: the number nearest to the text, or the number in the array.
package struct EventTableReader: ~Copyable {
  /// How many rows make a block unless the caller says otherwise.
  package static let usualBlock = 4096

  /// How large an `.npz` may be where it has to be held in memory (from a pipe, or inside gzip).
  static let memoryLimit = 4 << 30

  /// The number of inputs, which is the number of values in a row.
  package let width: Int
  private let blocks: any EventBlocks

  /// Opens a table.
  ///
  /// - Parameters:
  ///   - inputs: the names of the wanted columns, in the order of the model.
  ///   - byPosition: the model names no columns; they are taken in the order of the file, as many as `inputs`.
  package init(path: String, inputs: [String], byPosition: Bool) throws(DataError) {
    do {
      self.blocks = try Self.blocks(ByteSource(path: path, hashing: false), inputs, byPosition)
    } catch let error as FileError {
      throw DataError(error)
    } catch let error as DataError {
      throw error
    } catch {
      preconditionFailure("only files and tables fail here")
    }
    self.width = inputs.count
  }

  /// The same for a table in memory; `name` stands for the path in messages.
  package init(bytes: [UInt8], name: String, inputs: [String], byPosition: Bool) throws(DataError) {
    do {
      self.blocks = try Self.blocks(
        ByteSource(bytes: bytes, name: name, hashing: false), inputs, byPosition)
    } catch let error as FileError {
      throw DataError(error)
    } catch let error as DataError {
      throw error
    } catch {
      preconditionFailure("only files and tables fail here")
    }
    self.width = inputs.count
  }

  /// Puts the next rows into `block`, whatever it held before, and says how many; 0 only at the end.
  package mutating func read(
    rows limit: Int = usualBlock, into block: inout [Double]
  ) throws(DataError) -> Int {
    block.removeAll(keepingCapacity: true)
    return try blocks.read(rows: limit, into: &block)
  }

  private static func blocks(
    _ source: consuming ByteSource, _ inputs: [String], _ byPosition: Bool
  ) throws -> any EventBlocks {
    let start = try source.peek(1024)
    if start.starts(with: NumpyHeader.magic) {
      return try NumpyEvents(NumpyArray(SourceStream(source)), inputs: inputs)
    }
    if ZipArchive.isArchive(start) {
      let bytes = try randomAccess(source)
      return try archiveEvents(ZipArchive(bytes), inputs: inputs, byPosition: byPosition)
    }
    if start.contains(0) {
      throw DataError(
        path: source.path, place: .byte(0), what: "this is neither CSV nor a NumPy file", hint: Self.advice(start))
    }
    return try CSVEvents(source, inputs: inputs, byPosition: byPosition)
  }

  /// An archive is read at many places, which a pipe and a compressed file do not offer.
  private static func randomAccess(_ source: consuming ByteSource) throws -> RandomAccessBytes {
    let path = source.path
    if source.isFile, source.seekableSize != nil, let bytes = try RandomAccessBytes(plainFile: path) {
      return bytes
    }
    return RandomAccessBytes(bytes: try source.readAll(limit: memoryLimit), name: path)
  }

  private static func advice(_ start: [UInt8]) -> String {
    let known: [(String, String)] = [
      ("root", "a ROOT file: write the branches to CSV or .npy first, e.g. with uproot"),
      ("PAR1", "a Parquet file: write it to CSV or .npy first"),
      ("\u{89}HDF", "an HDF5 file: write it to CSV or .npy first"),
    ]
    for (magic, advice) in known where start.starts(with: magic.unicodeScalars.map { UInt8($0.value) }) {
      return advice
    }
    return "tables are CSV with a header, .npy or .npz; any of them may be gzip-compressed"
  }
}
