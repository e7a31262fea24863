import PetrifyKit
import Testing

@Suite struct ScoreTests {
  private let scratch: Scratch
  private let model: PetrifiedModel

  init() throws {
    scratch = try Scratch()
    model = try PetrifiedModel(reading: scratch.file("small.xml", SmallModel.xml()))
  }

  @Test(arguments: [1, 3])
  func writesALineForEachRow(threads: Int) throws {
    let events = try scratch.file("events.csv", "eta,run,pt\n2,7,1.5\n,8,1\n0,9,0\n")
    let rows = try model.score(table: events, to: .file(scratch.path + "/scores.csv"), threads: threads)
    #expect(rows == 3)
    #expect(try scratch.text("scores.csv") == "score\n1.0\n-999.0\n-1.0\n")
  }

  @Test(arguments: [1, 2, 7]) func goesOnAfterABlock(threads: Int) throws {
    let count = 40_000
    let events = try scratch.file("events.csv", "pt,eta\n" + (0..<count).map { "\($0 % 3),\($0 % 4)\n" }.joined())
    var steps: [Int] = []
    try model.score(table: events, to: .file(scratch.path + "/scores.csv"), threads: threads) { steps.append($0) }
    #expect(steps.last == count)
    #expect(steps.count > 1 && steps == steps.sorted())
    let lines = try scratch.text("scores.csv").split(separator: "\n").dropFirst()
    let expected = try model.score((0..<count).map { [Double($0 % 3), Double($0 % 4)] })
    #expect(lines.elementsEqual(expected.map { "\($0[0])"[...] }))
  }

  @Test(arguments: [1, 2, 7]) func leavesTheOldFileWhenARowIsBad(threads: Int) throws {
    _ = try scratch.file("scores.csv", "old\n")
    let events = try scratch.file("events.csv", "pt,eta\n" + String(repeating: "1,2\n", count: 20_000) + "1,many\n" + String(repeating: "?\n", count: 20_000))
    let error = #expect(throws: PetrifyError.self) {
      try model.score(table: events, to: .file(scratch.path + "/scores.csv"), threads: threads)
    }
    #expect(error?.exitCode == 65)
    #expect(error?.description.contains("events.csv:20002:3: error:") == true)
    #expect(try scratch.text("scores.csv") == "old\n")
    #expect(try scratch.names == ["events.csv", "scores.csv", "small.xml"])
  }

  @Test func namesAColumnThatIsMissing() throws {
    let events = try scratch.file("events.csv", "pt,etta\n1,2\n")
    let error = #expect(throws: PetrifyError.self) {
      try model.score(table: events, to: .file(scratch.path + "/scores.csv"))
    }
    #expect(error?.exitCode == 65)
    #expect(error?.description.contains("'eta'") == true)
    #expect(error?.description.contains("did you mean 'etta'?") == true)
    #expect(try scratch.names == ["events.csv", "small.xml"])
  }
}
