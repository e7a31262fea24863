import ForestWriting
import ForestIR

/// The main program around an emitted file that times it.
///
/// All languages do the same. `check EVENTS ROWS OUT` writes the results of one call an event, then those of one call for all
/// events, as float64. `time EVENTS ROWS FIRST MILLISECONDS` prints nanoseconds an event for both, and a sum of all results so
/// that nothing can be left out. What is done is doubled until it takes long enough, and only the last time counts.
struct BenchmarkSource {
  let language: Harness.Language
  /// The base name of what was emitted.
  let name: String
  /// The width of the numbers in the file of events.
  let width: Width

  /// The file's name without its ending.
  var stem: String { name + "_benchmark" }

  var file: EmittedFile {
    let (text, ending): (String, String) =
      switch language {
      case .cpp: (cpp, "cpp")
      case .c: (c, "c")
      case .python: (python, "py")
      case .swift: (swift, "swift")
      }
    return EmittedFile(name: "\(stem).\(ending)", bytes: Array(text.utf8))
  }

  var isFloat: Bool { width == .float32 }
}
