import ForestIR

/// A `Variable`, `Spectator` or `Target` of a weight file.
struct TMVAVariable {
  let label: String
  let expression: String
  let title: String
  let unit: String
  let isInteger: Bool
  let range: Input.TrainingRange?

  init(_ element: XMLElement, _ context: TMVAContext) {
    let expression = element.attribute("Expression") ?? ""
    let label = element.attribute("Label") ?? ""
    self.expression = expression.isEmpty ? label : expression
    self.label = label.isEmpty ? expression : label
    title = element.attribute("Title") ?? ""
    unit = element.attribute("Unit") ?? ""
    isInteger = element.attribute("Type") == "I"
    // Ranges are for people; text that is no range is no reason to refuse a model.
    if let lowest = element.attribute("Min").flatMap({ NumberText.double($0) }), lowest.isFinite,
      let highest = element.attribute("Max").flatMap({ NumberText.double($0) }), highest.isFinite, lowest < highest
    {
      range = Input.TrainingRange(lowest: lowest, highest: highest)
    } else {
      range = nil
    }
  }

  /// Whether a reference in another part of the file means this variable.
  func answers(to name: String) -> Bool { label == name || expression == name }
}

/// The lists of named quantities of a method.
struct VariableList {
  /// More variables than this are refused: a tree's index is a 16-bit number.
  static let most = Int(Int16.max)

  let items: [TMVAVariable]

  init(
    _ section: XMLElement, item: String, count: String, index: String, _ context: TMVAContext
  ) throws(ReadError) {
    let elements = section.children(named: item)
    let stated = try context.count(count, of: section)
    guard stated == elements.count else {
      throw context.error(
        .inconsistent, section, attribute: count,
        "\(count)=\"\(stated)\", but there are \(elements.count) elements \(item)")
    }
    guard stated <= Self.most else {
      throw context.error(.limit, section, attribute: count, "\(count)=\"\(stated)\": more than \(Self.most)")
    }
    var placed = [TMVAVariable?](repeating: nil, count: stated)
    for element in elements {
      let position = try context.count(index, of: element)
      guard position < stated else {
        throw context.error(
          .outOfRange, element, attribute: index, "\(index)=\"\(position)\" is not in 0…\(stated - 1)")
      }
      guard placed[position] == nil else {
        throw context.error(.duplicate, element, attribute: index, "\(index)=\"\(position)\" occurs twice")
      }
      placed[position] = TMVAVariable(element, context)
    }
    items = placed.compactMap(\.self)
  }
}

/// The classes of a method, in the order in which the trainer numbers them: that of the document.
struct ClassList {
  let count: Int
  let names: [String]

  init(_ section: XMLElement, _ context: TMVAContext) throws(ReadError) {
    let elements = section.children(named: "Class")
    count = try context.count("NClass", of: section)
    guard elements.isEmpty || elements.count == count else {
      throw context.error(
        .inconsistent, section, attribute: "NClass",
        "NClass=\"\(count)\", but there are \(elements.count) elements Class")
    }
    guard count <= VariableList.most else {
      throw context.error(.limit, section, attribute: "NClass", "NClass=\"\(count)\": more than \(VariableList.most)")
    }
    // TMVA 4.1.0 writes the number only.
    var names = (0..<count).map { "class\($0)" }
    for (index, element) in elements.enumerated() {
      if let name = element.attribute("Name"), !name.isEmpty { names[index] = name }
    }
    self.names = names
  }
}
