#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ONNXProto

/// A tensor of constants, proved to be whole.
struct TensorContents {
  /// The element types that are read, by their number in the standard.
  enum Element: Int32 {
    case float = 1
    case byte = 2
    case int32 = 6
    case int64 = 7
    case double = 11

    var byteCount: Int {
      switch self {
      case .byte: 1
      case .float, .int32: 4
      case .int64, .double: 8
      }
    }
  }

  let element: Element
  let dimensions: [Int]
  /// The numbers, widened; an integer of more than 53 bits is refused.
  let numbers: [Double]

  /// - Throws: where data lies in another file, in an element type that is not read, or in another number than the dimensions say.
  init(_ tensor: ONNXTensor, at path: String, _ context: ONNXContext) throws(ReadError) {
    guard tensor.externalData.isEmpty, tensor.dataLocation == 0 else {
      throw context.fault(
        .unsupported, at: path, "the numbers of this tensor are kept in another file",
        hint: "save the model in one file: onnx.save(model, path, save_as_external_data=False)")
    }
    guard !tensor.hasSegment else { throw context.fault(.unsupported, at: path, "a tensor in segments") }
    guard let element = Element(rawValue: tensor.dataType) else {
      throw context.fault(.unsupported, at: path, "a tensor of element type \(tensor.dataType), which is not read")
    }
    var count = 1
    var dimensions: [Int] = []
    for dimension in tensor.dims {
      guard let size = Int(exactly: dimension), size >= 0 else {
        throw context.fault(.outOfRange, at: path, "a tensor with a dimension of \(dimension)")
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow else { throw context.fault(.outOfRange, at: path, "a tensor of more elements than there can be") }
      count = product
      dimensions.append(size)
    }
    guard let numbers = Self.numbers(tensor, element, count) else {
      throw context.fault(.inconsistent, at: path, "the data of the tensor are not the \(count) elements that its dimensions say")
    }
    if element == .int64, let number = numbers.first(where: { abs($0) > 0x1p53 }) {
      throw context.fault(.outOfRange, at: path, "the integer \(number) has more than 53 bits")
    }
    self.element = element
    self.dimensions = dimensions
    self.numbers = numbers
  }

  private static func numbers(_ tensor: ONNXTensor, _ element: Element, _ count: Int) -> [Double]? {
    let listed = [tensor.floatData.count, tensor.int32Data.count, tensor.int64Data.count, tensor.doubleData.count]
    if tensor.hasRawData {
      let (size, overflow) = count.multipliedReportingOverflow(by: element.byteCount)
      guard !overflow, tensor.rawData.count == size, listed.allSatisfy({ $0 == 0 }) else { return nil }
      return raw([UInt8](tensor.rawData), element)
    }
    let numbers: [Double] =
      switch element {
      case .float: tensor.floatData.map(Double.init)
      case .byte, .int32: tensor.int32Data.map(Double.init)
      case .int64: tensor.int64Data.map { Double($0) }
      case .double: tensor.doubleData
      }
    guard numbers.count == count, listed.reduce(0, +) == count else { return nil }
    return numbers
  }

  /// Little-endian, whatever the machine.
  private static func raw(_ bytes: [UInt8], _ element: Element) -> [Double] {
    stride(from: 0, to: bytes.count, by: element.byteCount).map { start in
      var bits: UInt64 = 0
      for offset in (0..<element.byteCount).reversed() { bits = bits << 8 | UInt64(bytes[start + offset]) }
      return switch element {
      case .float: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
      case .byte: Double(bits)
      case .int32: Double(Int32(truncatingIfNeeded: bits))
      case .int64: Double(Int64(truncatingIfNeeded: bits))
      case .double: Double(bitPattern: bits)
      }
    }
  }
}
