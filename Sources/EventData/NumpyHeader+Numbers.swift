extension NumpyHeader {
  /// Puts the numbers that stand in `bytes`, as float64, to `values[start]`, `values[start + stride]` and so on.
  ///
  /// - Precondition: the bytes are whole numbers, and the places exist.
  func decode(_ bytes: RawSpan, into values: inout [Double], from start: Int, stride: Int) {
    // The unaligned loads are bounds-checked, and every bit pattern is a number.
    var places = values.mutableSpan
    var index = 0
    if stride == 1, isBigEndian == (UInt16(1).bigEndian == 1) {
      index = decodeVectors(bytes, into: &places, from: start)
    }
    let count = bytes.byteCount / width
    var place = start + index * stride
    if width == 8 {
      while index < count {
        let bits = bytes.unsafeLoadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
        places[place] = Double(bitPattern: isBigEndian ? UInt64(bigEndian: bits) : UInt64(littleEndian: bits))
        place += stride
        index += 1
      }
    } else {
      while index < count {
        let bits = bytes.unsafeLoadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
        places[place] = Double(Float(bitPattern: isBigEndian ? UInt32(bigEndian: bits) : UInt32(littleEndian: bits)))
        place += stride
        index += 1
      }
    }
  }

  /// Numbers in the byte order of this machine, eight at a time and as many as that allows; how many they were.
  private func decodeVectors(_ bytes: RawSpan, into places: inout MutableSpan<Double>, from start: Int) -> Int {
    let count = bytes.byteCount / width & ~7
    precondition(start >= 0 && count <= places.count - start)
    var target = places.mutableBytes
    var index = 0
    if width == 8 {
      while index < count {
        let eight = bytes.unsafeLoadUnaligned(fromByteOffset: index &* 8, as: SIMD8<UInt64>.self)
        target.storeBytes(of: eight, toByteOffset: (start &+ index) &* 8, as: SIMD8<UInt64>.self)
        index &+= 8
      }
    } else {
      while index < count {
        let eight = bytes.unsafeLoadUnaligned(fromByteOffset: index &* 4, as: SIMD8<Float>.self)
        target.storeBytes(of: SIMD8<Double>(eight), toByteOffset: (start &+ index) &* 8, as: SIMD8<Double>.self)
        index &+= 8
      }
    }
    return count
  }
}
