package import EventData
import FileBytes
package import ForestWriting

/// Builds the program that was emitted for a language, runs it on a table, and reads back what it computed.
///
/// Everything happens in a temporary directory, which is gone afterwards whatever happens.
package struct Harness: Sendable {
  /// The target that the files were emitted for.
  package enum Language: String, Sendable, CaseIterable {
    case cpp, c, python, swift
  }

  package let language: Language
  /// How long a compiler may take, and how long the program.
  package var timeLimit: Duration

  package init(_ language: Language, timeLimit: Duration = .seconds(900)) {
    self.language = language
    self.timeLimit = timeLimit
  }

  /// Says early, before any work, that what is needed to build and run is missing.
  package func checkTools() throws(HarnessError) { _ = try toolchain() }

  /// The results of the emitted program for a table.
  ///
  /// - Parameters:
  ///   - files: with driver, all that the emitter gave.
  ///   - name: the base name of the files.
  ///   - events: the inputs, by label, in the order of the model.
  ///   - columns: the results wanted, by name.
  package func results(
    of files: [EmittedFile], name: String, events: EventTable, columns: [String]
  ) throws(HarnessError) -> EventTable {
    let folder = try TemporaryDirectory()
    try write(files, into: folder.path)
    try write(events, into: folder.path)
    let program = try build(name, main: language == .python ? name : name + "_driver", folder.path)
    let output = folder.path + "/out.csv"
    var run = program
    run.input = folder.path + "/in.csv"
    run.output = output
    try finish(run, doing: "the emitted \(language.title) program")
    do {
      let table = try EventTable.read(path: output, inputs: columns, byPosition: false)
      guard table.rowCount == events.rowCount else {
        throw HarnessError(
          .program, "the emitted \(language.title) program gave \(table.rowCount) rows for \(events.rowCount)")
      }
      return table
    } catch let error as DataError {
      throw HarnessError(.program, "the emitted \(language.title) program wrote no proper table: \(error.what)")
    } catch let error as HarnessError {
      throw error
    } catch {
      preconditionFailure("only tables and programs fail here")
    }
  }

  func write(_ files: [EmittedFile], into folder: String) throws(HarnessError) {
    do {
      try AtomicFiles.write(files.map { AtomicFiles.File(name: $0.name, bytes: $0.bytes) }, into: folder)
    } catch {
      throw HarnessError(.environment, "\(error.path): \(error.what)")
    }
  }

  private func write(_ events: EventTable, into folder: String) throws(HarnessError) {
    do {
      var table = try CSVWriter(OutputFile(path: folder + "/in.csv"), header: events.inputs)
      try table.write(rows: events.values.span)
      try table.finish()
    } catch {
      throw HarnessError(.environment, "\(error.path): \(error.what)")
    }
  }

  /// The program to run, made ready: compiled, where the language wants that.
  ///
  /// - Parameters:
  ///   - name: the base name of what was emitted.
  ///   - main: the base name of the file with the main program.
  func build(_ name: String, main: String, _ folder: String) throws(HarnessError) -> ChildProcess {
    let tools = try toolchain()
    let driver = folder + "/driver"
    var arguments = tools.leadingArguments
    switch language {
    case .python:
      arguments += ["-B", "\(folder)/\(main).py"]
      return child(tools.executable, arguments, folder)
    case .cpp:
      arguments += ["-std=c++17", "-O2", "-o", driver, "\(folder)/\(main).cpp"]
    case .c:
      arguments += ["-std=c99", "-O2", "-o", driver, "\(folder)/\(main).c", "-lm"]
    case .swift:
      arguments += [
        "-O", "-parse-as-library", "-o", driver, "\(folder)/\(name).swift", "\(folder)/\(main).swift",
      ]
    }
    try finish(child(tools.executable, arguments, folder), doing: "compiling the emitted \(language.title) source")
    return child(driver, [], folder)
  }

  private func child(_ executable: String, _ arguments: [String], _ folder: String) -> ChildProcess {
    ChildProcess(executable: executable, arguments: arguments, scratch: folder, timeLimit: timeLimit)
  }

  func finish(_ process: ChildProcess, doing what: String) throws(HarnessError) {
    let (outcome, complaint) = try process.run()
    let problem: String
    switch outcome {
    case .exited(0): return
    case .exited(let code): problem = "\(what) ended with exit code \(code)"
    case .signalled(let signal): problem = "\(what) was ended by signal \(signal)"
    case .timedOut: problem = "\(what) took longer than \(timeLimit.components.seconds) s"
    }
    let lines = complaint.split(separator: "\n")
    let telling = lines.first { $0.lowercased().contains("error") } ?? lines.last
    throw HarnessError(.program, problem + (telling.map { ": \($0)" } ?? ""))
  }

  private func toolchain() throws(HarnessError) -> Toolchain {
    switch language {
    case .cpp:
      try .find(
        variable: "CXX", usual: "c++", hint: "install a C++ compiler (on Debian or Ubuntu: apt install g++), or set CXX")
    case .c:
      try .find(variable: "CC", usual: "cc", hint: "install a C compiler (on Debian or Ubuntu: apt install gcc), or set CC")
    case .python:
      try .find(variable: "PYTHON", usual: "python3", hint: "install Python 3.8 or later, or set PYTHON")
    case .swift:
      try .find(variable: "SWIFTC", usual: "swiftc", hint: "install Swift from swift.org, or set SWIFTC")
    }
  }
}

extension Harness.Language {
  /// The language's name for people.
  package var title: String {
    switch self {
    case .cpp: "C++"
    case .c: "C"
    case .python: "Python"
    case .swift: "Swift"
    }
  }
}
