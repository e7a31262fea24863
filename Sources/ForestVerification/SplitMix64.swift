/// A small generator of random bits that gives the same numbers on every machine and on every day (S. Vigna, 2015; after
/// G. L. Steele, D. Lea and C. H. Flood, *Fast splittable pseudorandom number generators*, 2014).
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 up to, not including, `bound`. The slight preference for small numbers harms nobody here, and unlike the
  /// standard library's way it is written down.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
