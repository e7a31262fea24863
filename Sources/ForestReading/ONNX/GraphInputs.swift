import ForestIR
import ONNXProto

/// What an event hands to the graph.
struct GraphInputs {
  private struct Tensor {
    let name: String
    let element: Int32
    let count: Int
    let rank: Int
  }

  private let entries: [Tensor]
  let inputs: [Input]
  /// float32 if all inputs are; else float64, and a float32 input is rounded on its own.
  let width: Width

  /// - Parameter constants: the names that are constants, and listed among the inputs in old files.
  init(_ graph: ONNXGraph, constants: Set<String>, _ context: ONNXContext) throws(ReadError) {
    var entries: [Tensor] = []
    var seen: Set<String> = []
    let real = graph.input.enumerated().filter { !constants.contains($0.element.name) }
    for (index, input) in real {
      let path = "graph/input[\(index)]"
      let name = JSONCursor.clipped(input.name)
      guard seen.insert(input.name).inserted else { throw context.fault(.duplicate, at: path, "two inputs are called \"\(name)\"") }
      guard input.type.hasTensorType else { throw context.fault(.unsupported, at: path, "the input \"\(name)\" is no tensor") }
      let type = input.type.tensorType
      guard [1, 6, 7, 11].contains(type.elemType) else {
        throw context.fault(
          .unsupported, at: path, "the input \"\(name)\" has element type \(type.elemType); float, double, int32 and int64 are read")
      }
      let dimensions = type.shape.dim
      let count: Int
      if type.hasShape, dimensions.count == 2, dimensions[1].dimValue > 0 {
        guard let size = Int(exactly: dimensions[1].dimValue), size <= ModelBuilder.elementLimit else {
          throw context.fault(.outOfRange, at: path, "an input of \(dimensions[1].dimValue) features")
        }
        count = size
      } else if !type.hasShape || (dimensions.count == 2 && dimensions[1].dimValue == 0), real.count == 1 {
        count = try Self.askedFeatures(graph, context)
        context.remarks.note(.choice, "the file does not say how many features there are; the trees ask for \(count)")
      } else {
        throw context.fault(.unsupported, at: path, "the input \"\(name)\" has not the two dimensions event and feature")
      }
      entries.append(Tensor(name: input.name, element: type.elemType, count: count, rank: 2))
    }
    guard !entries.isEmpty else { throw context.fault(.missing, at: "graph/input", "the model has no inputs") }
    guard entries.reduce(0, { $0 + $1.count }) <= ModelBuilder.elementLimit else {
      throw context.fault(.limit, at: "graph/input", "too many features")
    }
    self.entries = entries
    width = entries.allSatisfy { $0.element == 1 } ? .float32 : .float64
    inputs = Self.described(entries)
  }

  /// One tensor of many columns names no single one: they are x0, x1, …, found by position.
  private static func described(_ entries: [Tensor]) -> [Input] {
    let isInteger = entries.map { $0.element == 6 || $0.element == 7 }
    if entries.count == 1 {
      return (0..<entries[0].count).map { Input(label: "x\($0)", kind: isInteger[0] ? .integer : .real, isUnnamed: true) }
    }
    var taken: Set<String> = []
    var inputs: [Input] = []
    for (entry, isInteger) in zip(entries, isInteger) {
      for index in 0..<entry.count {
        let name = entry.count == 1 ? entry.name : "\(entry.name)_\(index)"
        let label = [name, "\(name)_\(inputs.count)", "x\(inputs.count)"].first { !$0.isEmpty && !taken.contains($0) } ?? "input_\(inputs.count)"
        taken.insert(label)
        inputs.append(Input(label: label, kind: isInteger ? .integer : .real))
      }
    }
    return inputs
  }

  /// One more than the largest feature that any tree operator asks for.
  private static func askedFeatures(_ graph: ONNXGraph, _ context: ONNXContext) throws(ReadError) -> Int {
    var largest: Int64 = 0
    for node in graph.node {
      for attribute in node.attribute where attribute.name == "nodes_featureids" {
        largest = max(largest, attribute.ints.max() ?? 0)
      }
    }
    guard largest < ModelBuilder.elementLimit else {
      throw context.fault(.outOfRange, at: "graph/node", "a tree asks for feature \(largest)")
    }
    return Int(largest) + 1
  }

  /// Appends the steps that cut the vector of inputs into tensors.
  func tensors(_ builder: inout ModelBuilder, _ context: ONNXContext) throws(ReadError) -> [(String, GraphTensor)] {
    do throws(ForestFault) {
      var start = 0
      var tensors: [(String, GraphTensor)] = []
      for entry in entries {
        var value = Value.inputs
        if entries.count > 1 {
          value = try builder.add(.gather(value, (start..<start + entry.count).map { Int32($0) }))
        }
        let element: GraphTensor.Element = entry.element == 11 ? .double : entry.element == 1 ? .float : .integer
        let tensor = GraphTensor(value: value, count: entry.count, element: element, rank: entry.rank)
        if tensor.width != width { value = try builder.add(.convert(value, to: tensor.width)) }
        tensors.append((entry.name, GraphTensor(value: value, count: entry.count, element: element, rank: entry.rank)))
        start += entry.count
      }
      return tensors
    } catch {
      throw context.refusal(error, at: "graph/input")
    }
  }
}
