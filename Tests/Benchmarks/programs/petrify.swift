// Constants of C are the business of the C++ file beside this one.
@_cdecl("peer_input_count") public func inputCount() -> Int { petrified.inputCount }
@_cdecl("peer_output_count") public func outputCount() -> Int { petrified.outputCount }

@_cdecl("peer_one") public func one(_ x: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Double>) {
  petrified.evaluate(x, out)
}

@_cdecl("peer_batch") public func batch(_ x: UnsafePointer<Float>, _ rows: Int, _ out: UnsafeMutablePointer<Double>) {
  petrified.evaluateBatch(rows: rows, x, out)
}
