import FileBytes
import ForestIR
import ForestWriting
import Foundation
import Testing

@testable import PetrifyKit

@Suite struct EmissionTests {
  private let scratch: Scratch
  private let model: PetrifiedModel

  init() throws {
    scratch = try Scratch()
    model = try PetrifiedModel(reading: scratch.file("BDT.weights.xml", SmallModel.xml()))
  }

  @Test func writesTheFilesOfTheContract() throws {
    var choices = EmissionChoices()
    choices.withDriver = true
    let folder = scratch.path + "/new/folder"
    let names = try model.emit(Target.list("cpp,c,python,swift"), into: folder, choices)
    let expected = ["BDT.hpp", "BDT_driver.cpp", "BDT.h", "BDT_driver.c", "BDT.py", "BDT.swift", "BDT_driver.swift"]
    #expect(names == expected)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == expected.sorted())
  }

  /// What `forest` writes is read as the same model, and written again as the same sources.
  @Test func theForestIsAModelFile() throws {
    let folder = scratch.path + "/out"
    let names = try model.emit(Target.list("forest"), into: folder)
    #expect(names == ["BDT.forest.json"])
    let copy = try PetrifiedModel(reading: folder + "/BDT.forest.json")
    #expect(copy.forest.with(provenance: model.forest.provenance) == model.forest)
    #expect(copy.digest == model.digest)
    #expect(copy.defaultName == "BDT")
    #expect(try copy.emit(Target.list("cpp")) == model.emit(Target.list("cpp")))
    let error = #expect(throws: PetrifyError.self) {
      try model.compare(events: scratch.path + "/none.csv", targets: Target.documents)
    }
    #expect(error?.exitCode == 64)
  }

  @Test func writesNoDriverUnasked() throws {
    #expect(try model.emit(Target.sources).map(\.name) == ["BDT.hpp", "BDT.h", "BDT.py", "BDT.swift"])
  }

  @Test(arguments: EmissionChoices.Layout.allCases)
  func isTheSameEveryTime(layout: EmissionChoices.Layout) throws {
    var choices = EmissionChoices()
    choices.layout = layout
    #expect(try model.emit(Target.sources, choices) == model.emit(Target.sources, choices))
  }

  @Test func carriesWhereItCameFrom() throws {
    for file in try model.emit(Target.sources) {
      let text = String(decoding: file.bytes, as: UTF8.self)
      #expect(text.contains(SHA256Digest(of: Array(SmallModel.xml().utf8)).hex), "\(file.name)")
      #expect(text.contains(PetrifyTool.version), "\(file.name)")
      #expect(!text.contains(scratch.path), "\(file.name)")
    }
  }

  @Test func writesNothingWhenOneFileCannotBeWritten() throws {
    let folder = scratch.path + "/out"
    // The name of the last file is taken by a directory.
    try FileManager.default.createDirectory(atPath: folder + "/BDT.swift", withIntermediateDirectories: true)
    let error = #expect(throws: PetrifyError.self) { try model.emit(Target.sources, into: folder) }
    #expect(error?.exitCode == 74)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["BDT.swift"])
  }

  @Test func makesNoFolderForNothing() throws {
    var choices = EmissionChoices()
    choices.eventsTable = scratch.path + "/none.csv"
    #expect(throws: PetrifyError.self) { try model.emit(Target.sources, into: scratch.path + "/out", choices) }
    #expect(try scratch.names == ["BDT.weights.xml"])
  }

  @Test(arguments: ["class", "a b", "1st", "_x", "x__y", "../x", "", "Δ", String(repeating: "a", count: 65)])
  func refusesNamesThatAreNoIdentifiers(_ name: String) throws {
    var choices = EmissionChoices()
    choices.name = name
    let error = #expect(throws: PetrifyError.self) { try model.emit(Target.sources, choices) }
    #expect(error?.kind == .usage)
  }

  @Test func storesGivenEvents() throws {
    let events = try model.referenceEvents(table: scratch.file("my events.csv", "pt,eta\n1.5,2\n0,\n"))
    #expect(events.origin == "my events.csv")
    #expect(events.events.map(\.outputs) == [[1], [-999]])
    #expect(events.events[0].inputs == [1.5, 2])
    #expect(events.events[0].leaves == [1, 1])
  }

  @Test func generatesEventsInsideTheTrainingRanges() throws {
    let events = try model.referenceEvents(table: nil)
    #expect(events.origin == "16 generated events")
    #expect(events.events.count == 16)
    // Both leaves of both trees.
    for tree in 0..<2 { #expect(Set(events.events.map { $0.leaves[tree] }) == [0, 1]) }
  }

  @Test(arguments: [0, 1025])
  func refusesTooFewOrTooManyEvents(count: Int) throws {
    let table = try scratch.file("e.csv", "pt,eta\n" + String(repeating: "1,2\n", count: count))
    let error = #expect(throws: PetrifyError.self) { try model.referenceEvents(table: table) }
    #expect(error?.exitCode == 65)
  }
}

@Suite struct TargetTests {
  @Test func readsLists() throws {
    #expect(try Target.list("swift,cpp").map(\.name) == ["swift", "cpp"])
    #expect(try Target.list("evaluator, python", computing: true).map(\.name) == ["evaluator", "python"])
  }

  @Test(arguments: [
    ("", "\"\" is not a list of targets"), ("cpp,", "\"cpp,\" is not a list of targets"), ("ada", "there is no target \"ada\""),
    ("cpp,cpp", "the target cpp is named twice"), ("evaluator", "the evaluator is no language to write"),
  ])
  func refusesOthers(_ list: String, _ words: String) {
    let error = #expect(throws: PetrifyError.self) { try Target.list(list) }
    #expect(error?.kind == .usage)
    #expect(error?.description.contains(words) == true)
  }

  @Test(arguments: Target.documents)
  func documentsComputeNothing(_ target: Target) throws {
    #expect(try Target.list(target.name) == [target])
    let error = #expect(throws: PetrifyError.self) { try Target.list("cpp,\(target)", computing: true) }
    #expect(
      error?.description == """
        petrify: error: the target \(target) is a file for other programs; it computes nothing here
        hint: targets that compute: \(Target.computing.map(\.name).joined(separator: ", "))
        """)
    #expect(error?.exitCode == 64)
  }

  @Test func namesWhatIsAvailable() {
    let error = #expect(throws: PetrifyError.self) { try Target.list("fortran") }
    let names = Target.writable.map(\.name).joined(separator: ", ")
    #expect(error?.description == "petrify: error: there is no target \"fortran\"\nhint: available: \(names)")
  }
}
