import CZlib

/// The decompressor of zlib: gzip members, or the bare deflate data inside zip archives.
///
/// The one place where zlib is called. Its state points back at the `z_stream`, which therefore must never move:
/// it lives on the heap, is owned by exactly one value, and is freed with it. The pointers into the caller's
/// arrays are set and forgotten within one call of `step`.
package struct InflateStream: ~Copyable {
  /// What surrounds the compressed data.
  package enum Container: Sendable {
    /// A gzip member with its header, checksum and length.
    case gzip
    /// Nothing at all.
    case rawDeflate
  }

  /// What one step did.
  package struct Step: Sendable {
    /// Bytes of input that are used up.
    package var consumed: Int
    /// Bytes of output that were written.
    package var produced: Int
    /// Whether the data is complete (for gzip: the checksum and the length are right, too).
    package var ended: Bool
  }

  /// Damaged data, or zlib out of memory.
  package struct Fault: Error, Sendable {
    /// The words of zlib.
    package var what: String
  }

  private let stream: UnsafeMutablePointer<z_stream>

  package init(_ container: Container) throws(Fault) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let bits: Int32 = container == .gzip ? 15 + 16 : -15
    guard petrify_inflateInit2(stream, bits) == Z_OK else {
      stream.deinitialize(count: 1)
      stream.deallocate()
      throw Fault(what: "the decompressor does not start")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Makes ready for the next member.
  package mutating func reset() {
    inflateReset(stream)
  }

  /// Decompresses from `input[source]` into `output[target]`, as far as either reaches.
  ///
  /// - Precondition: the ranges lie within the arrays.
  package mutating func step(
    _ input: [UInt8], _ source: Range<Int>, into output: inout [UInt8], _ target: Range<Int>
  ) throws(Fault) -> Step {
    precondition(source.lowerBound >= 0 && source.upperBound <= input.count)
    precondition(target.lowerBound >= 0 && target.upperBound <= output.count)
    // zlib counts in 32 bits.
    let offered = min(source.count, Int(Int32.max))
    let room = min(target.count, Int(Int32.max))
    let stream = self.stream
    let status = input.withUnsafeBufferPointer { bytes in
      output.withUnsafeMutableBufferPointer { space in
        // zlib does not write through `next_in`; its C type merely lacks the `const`.
        stream.pointee.next_in = bytes.baseAddress.map { UnsafeMutablePointer(mutating: $0 + source.lowerBound) }
        stream.pointee.avail_in = UInt32(offered)
        stream.pointee.next_out = space.baseAddress.map { $0 + target.lowerBound }
        stream.pointee.avail_out = UInt32(room)
        let status = inflate(stream, Z_NO_FLUSH)
        stream.pointee.next_in = nil
        stream.pointee.next_out = nil
        return status
      }
    }
    guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
      throw Fault(what: stream.pointee.msg.map { String(cString: $0) } ?? "zlib reports error \(status)")
    }
    return Step(
      consumed: offered - Int(stream.pointee.avail_in), produced: room - Int(stream.pointee.avail_out),
      ended: status == Z_STREAM_END)
  }
}

/// The checksum of zip archives (CRC-32 as in ISO 3309), taken over data that arrives piece by piece.
package struct CRC32: Sendable {
  /// The checksum of everything so far; of nothing, 0.
  package private(set) var value: UInt32 = 0

  package init() {}

  /// Takes in `bytes[range]`.
  package mutating func update(_ bytes: [UInt8], _ range: Range<Int>) {
    bytes.withUnsafeBytes { all in
      let part = UnsafeRawBufferPointer(rebasing: all[range])
      // `crc32_z` takes a count of full width.
      value = UInt32(crc32_z(UInt(value), part.bindMemory(to: UInt8.self).baseAddress, part.count))
    }
  }
}
