import ForestIR

extension Benchmark {
  /// The benchmark as JSON, for programs: all times in nanoseconds an event, round by round and their medians.
  public var json: String {
    var text = JSONText(layout: .readable)
    text.object(.lines) { text in
      text.name("petrify")
      text.string(PetrifyTool.version)
      text.name("model")
      text.object(.line) { text in
        text.name("file")
        text.string(model.path)
        text.name("digest")
        text.string(model.digest)
        text.name("trees")
        text.integer(model.treeCount)
      }
      text.name("rows")
      text.integer(rows)
      text.name("distinct_rows")
      text.integer(distinctRows)
      if let dataTable {
        text.name("data")
        text.string(dataTable)
      }
      text.name("inputs")
      text.string(isFloat ? "float32" : "float64")
      text.name("threads")
      text.integer(threads)
      text.name("identical")
      text.bool(holds)
      text.name("targets")
      text.array(.lines) { text in
        for result in results {
          text.next()
          text.object(.lines) { result.write(into: &$0) }
        }
      }
    }
    text.finish()
    return String(decoding: text.bytes, as: UTF8.self)
  }
}

extension Benchmark.Result {
  fileprivate func write(into text: inout JSONText) {
    text.name("target")
    text.string(target.name)
    text.name("compared_rows")
    text.integer(comparedRows)
    text.name("identical_rows")
    text.integer(identicalRows)
    text.name("batch_rows")
    text.integer(batchRows)
    if let times {
      for (name, timing) in [
        ("single_ns", times.single), ("batch_ns", times.batch), ("batch_threads_ns", times.batchWithThreads),
      ] as [(StaticString, Benchmark.Timing?)] {
        guard let timing else { continue }
        text.name(name)
        text.object(.line) { text in
          text.name("median")
          text.number(timing.median)
          text.name("rounds")
          text.numbers(timing.rounds)
        }
      }
    }
    text.name("conversion_s")
    text.number(conversionSeconds)
    if let compilationSeconds {
      text.name("compilation_s")
      text.number(compilationSeconds)
    }
    if let sourceBytes {
      text.name("source_bytes")
      text.integer(sourceBytes)
    }
    if let programBytes {
      text.name("program_bytes")
      text.integer(programBytes)
    }
  }
}
