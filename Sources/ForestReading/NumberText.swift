#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

// A stand-in until correctly rounded decimal text arrives in FileBytes.
enum NumberText {
  /// A decimal number with nothing but blanks around it, correctly rounded to float64; nil for anything else.
  static func double(_ bytes: Span<UInt8>) -> Double? {
    var start = 0
    var end = bytes.count
    while start < end, bytes[start] <= 0x20 { start += 1 }
    while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
    var text: [CChar] = []
    var digits = 0
    for index in start..<end {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
      case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): break
      default: return nil
      }
      text.append(CChar(bitPattern: byte))
    }
    guard digits > 0 else { return nil }
    text.append(0)
    return text.withUnsafeBufferPointer { buffer -> Double? in
      var stop: UnsafeMutablePointer<CChar>?
      let value = strtod(buffer.baseAddress!, &stop)
      guard let stop, stop - UnsafeMutablePointer(mutating: buffer.baseAddress!) == buffer.count - 1 else { return nil }
      return value
    }
  }
}

extension NumberText {
  static func double(_ text: some StringProtocol) -> Double? {
    double(Array(text.utf8).span)
  }
}
