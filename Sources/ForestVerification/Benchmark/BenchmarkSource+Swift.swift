extension BenchmarkSource {
  var swift: String {
    """
    import Foundation

    func nanoseconds(_ budget: Double, _ first: Int, _ work: (Int) -> Void) -> Double {
      var count = first
      while true {
        let start = processorTime()
        work(count)
        let taken = processorTime() - start
        if taken >= budget { return taken / Double(count) }
        count *= 2
      }
    }

    func processorTime() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
      return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    @main struct Benchmark {
      static func main() throws {
        typealias Number = \(isFloat ? "Float" : "Double")
        let inputs = \(name).inputCount, outputs = \(name).outputCount
        let arguments = CommandLine.arguments
        let rows = Int(arguments[3])!
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: arguments[2])))
        let x = UnsafeMutablePointer<Number>.allocate(capacity: rows * inputs)
        bytes.withUnsafeBytes { bytes in
          let wanted = UnsafeRawBufferPointer(rebasing: bytes[..<(rows * inputs * MemoryLayout<Number>.size)])
          UnsafeMutableRawBufferPointer(start: x, count: wanted.count).copyMemory(from: wanted)
        }
        let events = UnsafePointer(x)
        let out = UnsafeMutablePointer<Double>.allocate(capacity: rows * outputs)
        if arguments[1] == "check" {
          for row in 0..<rows { \(name).evaluate(events + row * inputs, out + row * outputs) }
          var results = Data(bytes: out, count: rows * outputs * MemoryLayout<Double>.size)
          \(name).evaluateBatch(rows: rows, events, out)
          results.append(Data(bytes: out, count: rows * outputs * MemoryLayout<Double>.size))
          try results.write(to: URL(fileURLWithPath: arguments[4]))
          return
        }
        var row = Int(arguments[4])!
        let budget = Double(arguments[5])! * 1e6
        var checksum = 0.0
        let single = nanoseconds(budget, 16) { count in
          for _ in 0..<count {
            \(name).evaluate(events + row * inputs, out)
            for i in 0..<outputs { checksum += out[i] }
            row += 1
            if row == rows { row = 0 }
          }
        }
        let batch = nanoseconds(budget, 1) { count in
          for _ in 0..<count {
            \(name).evaluateBatch(rows: rows, events, out)
            for i in 0..<(rows * outputs) { checksum += out[i] }
          }
        }
        print(single, batch / Double(rows), checksum)
      }
    }

    """
  }
}
