// Decimal digits, eight at a time.

extension Span<UInt8> {
  /// Eight bytes as one word, the first in the lowest place.
  @inlinable @inline(__always)
  package func eightBytes(at index: Int) -> UInt64 {
    precondition(index >= 0 && index <= count - 8)
    // The only unsafe access of the number parsing: the standard library reads words from spans in no other way. The
    // line above is its proof.
    return UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
  }

  /// The number that eight decimal digits say; `nil` if one of the bytes is none.
  @inline(__always)
  func eightDigits(at index: Int) -> UInt64? {
    let word = eightBytes(at: index)
    // A digit has the high half 3, and keeps it when 6 is added.
    let halves: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
    guard word & halves == 0x3030_3030_3030_3030, (word &+ 0x0606_0606_0606_0606) & halves == 0x3030_3030_3030_3030
    else { return nil }
    return EightDigits.number(word & 0x0F0F_0F0F_0F0F_0F0F)
  }
}

extension DecimalText {
  /// How many of the next eight bytes come before the first that is a comma or below, as separators and quotes are but not
  /// digits, points, letters and minus signs; 0 if there are not eight bytes.
  @inline(__always)
  package static func bytesAboveComma(_ text: Span<UInt8>, from start: Int) -> Int {
    guard start >= 0, start <= text.count - 8 else { return 0 }
    let word = text.eightBytes(at: start)
    // The highest bit of a byte stays set if the rest of it is above the comma, and no byte borrows from the next.
    let above = (word | 0x8080_8080_8080_8080) &- 0x2D2D_2D2D_2D2D_2D2D
    return (~(above | word) & 0x8080_8080_8080_8080).trailingZeroBitCount >> 3
  }
}

/// Eight bytes of text as lanes of one word, the first in the lowest place.
enum EightDigits {
  /// The number that eight digits (each a byte from 0 to 9) say.
  ///
  /// All eight are handled at once: D. Lemire, "Quickly parsing eight digits" (2018).
  @inline(__always)
  static func number(_ digits: UInt64) -> UInt64 {
    // Neighbours make pairs in every other byte, then pairs become one number.
    let pairs = digits &* 10 &+ digits >> 8
    let first = (pairs & 0x0000_00FF_0000_00FF) &* (100 + 1_000_000 << 32)
    let second = (pairs >> 16 & 0x0000_00FF_0000_00FF) &* (1 + 10_000 << 32)
    return (first &+ second) >> 32
  }

  /// The eight digits of a number below 10^8, each a byte from 0 to 9.
  ///
  /// All at once again: the two halves, then four pairs, then eight digits, each time by multiplication with an
  /// inverse that is exact for numbers so small.
  @inline(__always)
  static func bytes(_ number: UInt64) -> UInt64 {
    let upper = number / 10_000
    let halves = upper | (number &- upper &* 10_000) << 32
    let hundreds = (halves &* 10_486) >> 20 & 0x0000_007F_0000_007F
    let pairs = hundreds | (halves &- hundreds &* 100) << 16
    let tens = (pairs &* 103) >> 10 & 0x000F_000F_000F_000F
    return tens | (pairs &- tens &* 10) << 8
  }

  /// Eight bytes of the character `0`.
  static let zeros: UInt64 = 0x3030_3030_3030_3030

  /// How many digits eight bytes of text begin with.
  @inline(__always)
  static func leading(_ word: UInt64) -> Int {
    // 0 to 9 for digits, and for nothing else.
    let values = word ^ 0x3030_3030_3030_3030
    // From 10 on the highest bit of the byte gets set. A carry reaches only bytes behind one that is no digit.
    let others = ((values &+ 0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080
    return others.trailingZeroBitCount >> 3
  }

  /// 10^0 … 10^7: by as much do that many digits move a number.
  static let powers: [UInt64] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000]
}
