import EventData
import FileBytes
import ForestEvaluation
import ForestIR

extension PetrifiedModel {
  /// The results of some events, one row for each, with a number for each of `outputs`.
  ///
  ///     let scores = try model.score([[41.2, 33.0], [18.9, 12.5]])
  ///
  /// Lays the forest out anew at each call; for many calls keep a `scorer`.
  ///
  /// - Parameter events: a number for each of `inputs`, in their order; any float64 values.
  public func score(_ events: [[Double]]) throws(PetrifyError) -> [[Double]] {
    for (row, event) in events.enumerated() where event.count != inputs.count {
      throw PetrifyError(.usage, nil, "event \(row + 1) has \(event.count) numbers, the model reads \(inputs.count)")
    }
    let count = outputs.count, scores = try scorer().score(rows: events.flatMap { $0 })
    return events.indices.map { Array(scores[$0 * count..<($0 + 1) * count]) }
  }

  /// Scores a table of events and writes a table of results: a line for each row, with a column for each of `outputs`.
  ///
  ///     try model.score(table: "events.csv", to: .file("scores.csv"), threads: 4)
  ///
  /// The table is read, scored and written in blocks, so that it may be larger than memory. A file is complete or absent.
  ///
  /// - Parameters:
  ///   - table: CSV with a header, `.npy` or `.npz`, gzip-compressed or not; columns are found by name.
  ///   - threads: how many threads share the work.
  ///   - progress: told now and then how many rows are done.
  /// - Returns: how many rows there were.
  @discardableResult
  public func score(
    table: String, to destination: Destination = .standardOutput, threads: Int = 1,
    progress: (_ rows: Int) -> Void = { _ in }
  ) throws(PetrifyError) -> Int {
    let scorer = try BlockScorer(self, table: table)
    do {
      var reader = try EventTableReader(path: table, inputs: inputs, byPosition: readsByPosition)
      let output: OutputFile =
        switch destination {
        case .standardOutput: .standardOutput()
        case .file(let path): try OutputFile(path: path)
        }
      var writer = try CSVWriter(output, header: outputs)
      var done = 0
      func take(_ lines: [UInt8], _ rows: Int) throws(PetrifyError) {
        do {
          try writer.write(text: lines)
        } catch {
          throw PetrifyError(error)
        }
        done += rows
        progress(done)
      }
      if threads > 1 {
        try ScoringPipeline(reader, scorer, threads: threads).run(threads: threads, take)
      } else {
        var rows: [Double] = []
        while case let count = try reader.read(rows: scorer.blockSize, into: &rows), count > 0 {
          switch scorer.lines(of: rows, firstRow: done) {
          case .lines(let lines, let rows): try take(lines, rows)
          case .failure(let error): throw error
          case .end: break
          }
        }
      }
      try writer.finish()
      return done
    } catch let error as PetrifyError {
      throw error
    } catch let error as DataError {
      throw PetrifyError(error)
    } catch let error as FileError {
      throw PetrifyError(error)
    } catch {
      throw PetrifyError(.ourFault, nil, "an unexpected error: \(error)")
    }
  }

  /// Where results go.
  public enum Destination: Sendable, Hashable {
    case standardOutput
    /// A file, which is written completely or not at all.
    case file(String)
  }

  func evaluator() throws(PetrifyError) -> Evaluator {
    do {
      return try Evaluator(forest)
    } catch {
      throw PetrifyError(error, model: path)
    }
  }

  /// - Throws: `PetrifyError` naming the first row to which several conditions of a choice apply that admits only one.
  func refuseAmbiguous(_ found: EvaluatedRows, firstRow: Int, in table: String) throws(PetrifyError) {
    guard let row = found.ambiguousRows.first else { return }
    throw PetrifiedModel.ambiguity(of: "row \(firstRow + row + 1)", in: table)
  }

  static func ambiguity(of event: String, in table: String) -> PetrifyError {
    PetrifyError(
      .badInput, table, "\(event) belongs to more than one category of the model, which then has no answer",
      hint: "the categories' cuts overlap for this event; leave the row out, or correct the cuts in the training")
  }
}
