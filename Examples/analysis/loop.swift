// An analysis loop in Swift: read events, score them by name, count what passes a working point.
//
//   swiftc -O -parse-as-library -o loop Generated/classification/bdt_classification.swift Examples/analysis/loop.swift
//   ./loop < Examples/classification/events.csv

@main
enum Loop {
  static func main() {
    _ = readLine()  // the header
    var events = 0, selected = 0
    while let line = readLine() {
      let x = line.split(separator: ",").map { Double($0)! }
      let event = bdt_classification.Inputs(
        pt1: x[0], pt2: x[1], eta1: x[2], phi1: x[3], mjj: x[4], met: x[5], dR12: x[6], nJets: x[7])
      events += 1
      if bdt_classification.evaluate(event).score > 0.5 { selected += 1 }
    }
    print("\(selected) of \(events) events pass score > 0.5; self-test: \(bdt_classification.selfTest()) failures")
  }
}
