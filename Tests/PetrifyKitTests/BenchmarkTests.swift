import Foundation
import PetrifyKit
import Testing

/// That benchmarks run and say what they should. No time is ever a test.
@Suite struct BenchmarkTests {
  private let scratch: Scratch
  private let model: PetrifiedModel
  private let events: String
  private var choices = BenchmarkChoices()

  init() throws {
    scratch = try Scratch()
    model = try PetrifiedModel(reading: scratch.file("BDT.weights.xml", SmallModel.xml()))
    events = try scratch.file("events.csv", "pt,eta\n1.5,2\n1,2\n")
    choices.rows = 300
    choices.rounds = 3
    choices.seconds = 0.001
  }

  @Test(arguments: ["evaluator", "cpp", "c", "python", "swift"])
  func measures(_ name: String) throws {
    let benchmark = try model.benchmark(Target.list(name, computing: true), choices)
    #expect(benchmark.holds)
    #expect(benchmark.rows == 300)
    #expect(benchmark.distinctRows == 300)
    let result = try #require(benchmark.results.first)
    #expect(result.target.name == name)
    #expect(result.identicalRows == result.comparedRows)
    #expect(result.comparedRows == (name == "evaluator" ? 200 : 600))
    let times = try #require(result.times)
    for timing in [times.single, times.batch] {
      #expect(timing.rounds.count == 3)
      #expect(timing.rounds.allSatisfy { $0 > 0 && $0.isFinite })
      #expect(timing.median == timing.rounds.sorted()[1])
    }
    #expect(times.batchWithThreads == nil)
    #expect((result.sourceBytes ?? 0 > 0) == (name != "evaluator"))
    #expect((result.programBytes ?? 0 > 0) == !["evaluator", "python"].contains(name))
    #expect((result.compilationSeconds != nil) == (result.programBytes != nil))
    #expect(benchmark.text().contains("\n\(name) "))
  }

  @Test func measuresThreadsOfTheEvaluator() throws {
    var choices = choices
    choices.threads = 2
    let benchmark = try model.benchmark([.evaluator], choices)
    #expect(benchmark.threads == 2)
    #expect(benchmark.results[0].times?.batchWithThreads?.rounds.count == 3)
    #expect(benchmark.text().contains("with 2 threads"))
  }

  @Test(arguments: [1, 2, 5])
  func takesAsManyRowsOfATableAsAreWanted(_ rows: Int) throws {
    var choices = choices
    choices.table = events
    choices.rows = rows
    let benchmark = try model.benchmark([.evaluator], choices)
    #expect(benchmark.rows == rows)
    #expect(benchmark.distinctRows == min(rows, 2))
    #expect(benchmark.text().contains("So few different events flatter"))
  }

  @Test func refusesNothingToDo() throws {
    for change in [{ $0.rows = 0 }, { $0.threads = 0 }, { $0.rounds = 0 }, { $0.seconds = 0 }] as [(inout BenchmarkChoices) -> Void] {
      var choices = choices
      change(&choices)
      let error = #expect(throws: PetrifyError.self) { try model.benchmark([.evaluator], choices) }
      #expect(error?.exitCode == 64)
    }
    var choices = choices
    choices.table = try scratch.file("none.csv", "pt,eta\n")
    #expect(throws: PetrifyError.self) { try model.benchmark([.evaluator], choices) }
  }

  @Test func writesJSON() throws {
    var choices = choices
    choices.table = events
    let benchmark = try model.benchmark(Target.list("evaluator,python", computing: true), choices)
    let json = try #require(JSONSerialization.jsonObject(with: Data(benchmark.json.utf8)) as? [String: Any])
    #expect(json["petrify"] as? String == PetrifyTool.version)
    #expect((json["model"] as? [String: Any])?["trees"] as? Int == 2)
    #expect(json["rows"] as? Int == 300)
    #expect(json["distinct_rows"] as? Int == 2)
    #expect(json["data"] as? String == events)
    #expect(json["inputs"] as? String == "float32")
    #expect(json["identical"] as? Bool == true)
    let targets = try #require(json["targets"] as? [[String: Any]])
    #expect(targets.map { $0["target"] as? String } == ["evaluator", "python"])
    for target in targets {
      let single = try #require(target["single_ns"] as? [String: Any])
      #expect((single["rounds"] as? [Double])?.count == 3)
      #expect(single["median"] as? Double ?? 0 > 0)
      #expect(target["batch_ns"] is [String: Any])
      #expect(target["identical_rows"] as? Int == target["compared_rows"] as? Int)
    }
    #expect(targets[1]["source_bytes"] as? Int ?? 0 > 0)
  }
}
