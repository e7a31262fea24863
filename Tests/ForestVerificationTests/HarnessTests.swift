import EventData
import Foundation
import ForestWriting
import Testing

@testable import ForestVerification

/// The harness with programs written by hand in place of emitted ones.
@Suite struct HarnessTests {
  private static let events = EventTable(inputs: ["a", "b, c"], values: [1, 0.1, .nan, -0.0], rowCount: 2)

  private func run(_ program: String, timeLimit: Duration = .seconds(60)) throws(HarnessError) -> EventTable {
    try Harness(.python, timeLimit: timeLimit).results(
      of: [EmittedFile(name: "small.py", bytes: Array(program.utf8))], name: "small", events: Self.events, columns: ["sum"])
  }

  private func error(_ program: String, timeLimit: Duration = .seconds(60)) -> HarnessError? {
    do {
      _ = try run(program, timeLimit: timeLimit)
      return nil
    } catch {
      return error
    }
  }

  @Test func handsEventsOverToTheLastBit() throws {
    let table = try run(
      """
      import csv, sys
      rows = list(csv.reader(sys.stdin))
      assert rows[0] == ["a", "b, c"], rows[0]
      assert (float(rows[1][1]), rows[2][0], rows[2][1]) == (0.1, "nan", "-0.0"), rows
      print("other,sum")
      for row in rows[1:]: print("7," + row[1])
      """)
    #expect(table.rowCount == 2)
    #expect(table.values.map(\.bitPattern) == [0.1, -0.0].map(\.bitPattern))
  }

  @Test func buildsC() throws {
    let program = """
      #include <math.h>
      #include <stdio.h>
      int main(void) {
        char line[100];
        for (int i = 0; fgets(line, sizeof line, stdin) != NULL; ++i) printf(i == 0 ? "sum\\n" : "%g\\n", sqrt(4.0 * i));
        return 0;
      }
      """
    let table = try Harness(.c).results(
      of: [EmittedFile(name: "small_driver.c", bytes: Array(program.utf8))], name: "small", events: Self.events, columns: ["sum"])
    #expect(table.values == [2, 2.82843])
    let refused = #expect(throws: HarnessError.self) {
      try Harness(.c).results(
        of: [EmittedFile(name: "small_driver.c", bytes: Array("int main(void) { return }".utf8))], name: "small",
        events: Self.events, columns: ["sum"])
    }
    #expect(refused?.code == .program)
    #expect(refused?.message.hasPrefix("compiling the emitted C source ended with exit code 1: ") == true)
  }

  @Test func reportsACrashWithTheProgramsOwnWords() {
    let error = error("import sys\nsys.exit('error: the moon is full')")
    #expect(error?.code == .program)
    #expect(error?.message == "the emitted Python program ended with exit code 1: error: the moon is full")
  }

  @Test func reportsASignal() {
    #expect(error("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")?.message == "the emitted Python program was ended by signal 9")
  }

  @Test func endsAProgramThatDoesNotEnd() {
    let error = error("import time\ntime.sleep(600)", timeLimit: .seconds(1))
    #expect(error?.message == "the emitted Python program took longer than 1 s")
  }

  @Test(arguments: [
    ("print('sum')\nprint(1)", "gave 1 rows for 2"), ("print('total')\nprint(1)\nprint(2)", "wrote no proper table"),
    ("print('sum')\nprint('one')\nprint(2)", "wrote no proper table"), ("", "wrote no proper table"),
  ])
  func refusesATableThatIsNone(_ program: String, _ words: String) {
    let error = error(program)
    #expect(error?.code == .program)
    #expect(error?.message.contains(words) == true)
  }

  @Test func removesItsFilesAlsoAfterErrors() throws {
    let message = try #require(error("import sys\nsys.exit('error: ' + __file__)")).message
    let path = try #require(message.split(separator: " ").last.map(String.init))
    #expect(path.hasSuffix("/small.py"))
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(!FileManager.default.fileExists(atPath: String(path.dropLast("/small.py".count))))
  }

  @Test func namesACompilerThatIsMissing() {
    #expect(throws: HarnessError(.environment, "no-such-compiler is not on this machine, or not in PATH", hint: "install it")) {
      try Toolchain.find(variable: "PETRIFY_TESTS_SET_NOTHING_LIKE_THIS", usual: "no-such-compiler", hint: "install it")
    }
  }

  @Test func findsAProgramWithArguments() throws {
    let found = try Toolchain.find(variable: "PETRIFY_TESTS_SET_NOTHING_LIKE_THIS", usual: "env sh -x", hint: "")
    #expect(found.executable.hasSuffix("/env"))
    #expect(found.leadingArguments == ["sh", "-x"])
  }
}
