import EventData
import FileBytes
import ForestIR
import ForestReading
import ForestWriting

/// A trained decision forest, read from the file that its trainer saved.
///
///     let model = try PetrifiedModel(reading: "TMVAClassification_BDT.weights.xml")
///     let scores = try model.score([[41.2, 33.0, -0.4, 1.1]])
///     let sources = try model.emit(Target.list("cpp,python"))
///
/// All numbers are what the trainer's own program computes, to the last bit.
public struct PetrifiedModel: Sendable {
  /// The path as the caller gave it.
  public let path: String
  let forest: Forest

  /// Reads a model file, gzip-compressed or not. Its format is recognised by its content.
  ///
  /// - Throws: `PetrifyError` of the kind `badInput`, with the place in the file, for a model that is not understood: nothing
  ///   is guessed.
  public init(reading path: String, _ choices: ReadingChoices = ReadingChoices()) throws(PetrifyError) {
    let (format, options) = try choices.resolved()
    var forest: Forest
    do {
      forest = try ModelReading.forest(path: path, format: format, options: options)
    } catch {
      throw PetrifyError(error)
    }
    if let value = choices.missingValue {
      do {
        forest = try forest.treatingAsMissing(value)
      } catch {
        throw PetrifyError(error, model: path)
      }
    }
    self.init(forest: forest, path: path)
  }

  /// A forest that is already there; `path` stands for its file in messages.
  init(forest: Forest, path: String) {
    self.forest = forest
    self.path = path
  }

  /// The labels of the inputs, in order.
  public var inputs: [String] { forest.inputs.map(\.label) }
  /// The names of the results, in order.
  public var outputs: [String] { forest.printedColumns.map { forest.columns[$0].name } }
  /// How many trees there are.
  public var treeCount: Int { forest.model.treeCount }

  /// Whether tables are read by position, since the file names no inputs.
  var readsByPosition: Bool { forest.inputs.allSatisfy(\.isUnnamed) }

  /// Identifies what the model computes: lower-case hexadecimal SHA-256 over everything that decides its numbers, and nothing
  /// that does not. Two files of the same digest score alike.
  ///
  /// - Complexity: O(size of the model).
  public var digest: String { SHA256Digest(ofPieces: forest.forEachPieceOfMeaning).hex }

  /// The base name of emitted files, made from the model's file name: an identifier in every target language.
  public var defaultName: String {
    var name = ModelReading.shortName(path)
    let endings = [
      ".xml", ".pmml", ".json", ".ubj", ".bst", ".model", ".cbm", ".onnx", ".txt", ".c", ".cc", ".cpp", ".py", ".class",
      ".weights", ".forest",
    ]
    for ending in endings where name.lowercased().hasSuffix(ending) && name.count > ending.count {
      name.removeLast(ending.count)
    }
    var namer = IdentifierNamer()
    return namer.name(for: name, fallback: "model")
  }
}
