package import FileBytes
package import ForestIR

/// Reads models of one format.
package protocol ModelReader: Sendable {
  var format: ModelFormat { get }

  /// Whether files of the format name the iteration at which training would best have been stopped.
  var recordsBestIteration: Bool { get }

  /// Reads a model from the beginning of its file.
  ///
  /// - Throws: why the file is refused; the door (`ModelReading`) adds the line of the file that the error points at.
  func read(_ source: inout ByteSource, options: ReadingOptions) throws(ReadError) -> Forest
}

extension ModelReader {
  package var recordsBestIteration: Bool { false }
}

/// The door of the reading stage: from a file to a forest.
package enum ModelReading {
  /// All readers. A new format is a folder of its own and a line here.
  package static let readers: [any ModelReader] = [
    TMVAReader(), TMVAClassReader(), ScikitLearnReader(),
    XGBoostReader.json, XGBoostReader.ubjson, XGBoostReader.binary,
    LightGBMReader(), LightGBMDumpReader(), CatBoostJSONReader(), CatBoostBinaryReader(), ONNXReader(), FastBDTReader(),
    PMMLReader(), PetrifiedCodeReader.cpp, PetrifiedCodeReader.python, ForestReader(),
  ]

  /// The formats that can be read, in the spelling of the command line.
  package static var formats: [ModelFormat] { readers.map(\.format) }

  /// Reads a model file, gzip-compressed or not.
  ///
  /// - Parameters:
  ///   - path: the file; also its name in messages.
  ///   - format: what the file is; nil to recognise it by its content.
  package static func forest(
    path: String, format: ModelFormat? = nil, options: ReadingOptions = ReadingOptions()
  ) throws(ReadError) -> Forest {
    do throws(ReadError) {
      var source: ByteSource
      do { source = try ByteSource(path: path) } catch { throw ReadError(error) }
      return try forest(&source, format: format, options: options)
    } catch {
      throw error.quoting { () throws(FileError) -> ByteSource? in
        // A pipe cannot be read twice.
        RegularFile.exists(at: path) ? try ByteSource(path: path, hashing: false) : nil
      }
    }
  }

  /// Reads a model from bytes in memory.
  ///
  /// - Parameter name: stands for the path in messages and in the provenance.
  package static func forest(
    bytes: [UInt8], name: String, format: ModelFormat? = nil, options: ReadingOptions = ReadingOptions()
  ) throws(ReadError) -> Forest {
    do throws(ReadError) {
      var source: ByteSource
      do { source = try ByteSource(bytes: bytes, name: name) } catch { throw ReadError(error) }
      return try forest(&source, format: format, options: options)
    } catch {
      throw error.quoting { () throws(FileError) -> ByteSource? in
        try ByteSource(bytes: bytes, name: name, hashing: false)
      }
    }
  }

  private static func forest(
    _ source: inout ByteSource, format: ModelFormat?, options: ReadingOptions
  ) throws(ReadError) -> Forest {
    let head: [UInt8]
    do { head = try source.peek(ModelFormat.recognitionLength) } catch { throw ReadError(error) }
    let format = format ?? ModelFormat(recognising: head.span)
    guard let reader = readers.first(where: { $0.format == format }) else {
      let known = format != .unknown
      throw ReadError(
        known ? .unsupportedFormat : .unknownFormat, at: SourceMark(file: source.path),
        "this is \(format.phrase)" + (known ? ", which cannot be read" : ""), hint: format.advice)
    }
    guard options.iterations == .all || reader.recordsBestIteration else {
      throw ReadError(
        .wrongChoice, at: SourceMark(file: source.path),
        "--iterations best: this is \(format.phrase), and such files record no best iteration", hint: "leave the option out")
    }
    return try reader.read(&source, options: options)
  }

  /// A file's name without its folder and without `.gz`.
  package static func shortName(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
  }
}

extension ReadError {
  /// A file that could not be read at all.
  init(_ error: FileError) {
    self.init(
      error.exitCode == 74 ? .unreadable : .damaged, at: SourceMark(file: error.path, byte: error.byte), error.what,
      hint: error.hint)
  }

  /// The exit code of a command that ends with this error: 74 where the system refused to read, 64 where something was asked
  /// for that the format does not have, else 65.
  package var exitCode: Int32 {
    switch code {
    case .unreadable: 74
    case .wrongChoice: 64
    default: 65
    }
  }
}
