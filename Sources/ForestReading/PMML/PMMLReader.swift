package import FileBytes
package import ForestIR

/// Reads PMML documents (4.x) whose model is a decision tree or made of decision trees: TreeModel, and MiningModel with sums,
/// averages and chains, as JPMML (sklearn2pmml) and nyoka write them.
///
/// A missing value is NaN here, and so is a result that PMML would call missing. What leaves several readings open is
/// refused by name: votes, surrogates, categories, transformations of the inputs.
package struct PMMLReader: ModelReader {
  package init() {}

  package var format: ModelFormat { .pmml }

  package func read(_ source: inout ByteSource, options: ReadingOptions) throws(ReadError) -> Forest {
    let document = try document(&source)
    let digest = Provenance.Source(file: source.path, digest: source.digest)
    return try Self.forest(document, file: source.path, source: digest)
  }

  private func document(_ source: inout ByteSource) throws(ReadError) -> PMMLDocument {
    let listener = PMMLDocument.Listener(file: source.path)
    var cursor = try XMLCursor(file: source.path, events: listener)
    var buffer = [UInt8](repeating: 0, count: ByteSource.chunkSize)
    while true {
      let count: Int
      do { count = try source.read(into: &buffer) } catch { throw ReadError(error) }
      if count == 0 { break }
      try cursor.feed(buffer.span.extracting(0..<count))
    }
    try cursor.finish()
    return try listener.document()
  }

  private static let modelNames: Set = [
    "TreeModel", "MiningModel", "RegressionModel", "GeneralRegressionModel", "NeuralNetwork", "SupportVectorMachineModel", "Scorecard",
    "RuleSetModel", "ClusteringModel", "NearestNeighborModel", "NaiveBayesModel", "AnomalyDetectionModel",
  ]

  static func forest(_ document: PMMLDocument, file: String, source: Provenance.Source?) throws(ReadError) -> Forest {
    let root = document.root
    let context = PMMLContext(file: file, names: document.names)
    guard root.name == "PMML" else { throw context.error(.unexpected, root, "the root element is \(root.name), not PMML") }
    guard let version = root.attribute("version"), version.hasPrefix("4.") else {
      throw context.error(.unsupported, root, "PMML of version \(root.attribute("version") ?? "(none)"); 4.x is read")
    }
    if let element = try context.child("TransformationDictionary", of: root), !element.children.isEmpty {
      throw context.error(.unsupported, element, "transformations of the inputs are not read from PMML")
    }
    let models = root.children.filter { modelNames.contains($0.name) }
    guard models.count == 1, let model = models.first else {
      throw context.error(.unsupported, root, "the document holds \(models.count) models, not one")
    }
    guard model.name == "TreeModel" || model.name == "MiningModel" else {
      throw context.error(.unsupported, model, "the model is a \(model.name), which is not made of trees")
    }
    guard let dictionary = try context.child("DataDictionary", of: root), let schema = try context.child("MiningSchema", of: model) else {
      throw context.error(.missing, root, "there is no DataDictionary or no MiningSchema")
    }
    let fields = try PMMLFields(dictionary: dictionary, schema: schema, context)
    return try forest(model, fields, document, context, source)
  }

  private static func forest(
    _ model: XMLElement, _ fields: PMMLFields, _ document: PMMLDocument, _ context: PMMLContext, _ source: Provenance.Source?
  ) throws(ReadError) -> Forest {
    var lowering = PMMLLowering(document, fields, context)
    do {
      let isNarrow = fields.inputs.allSatisfy(\.isFloat)
      var builder = ModelBuilder(inputCount: fields.inputs.count, width: isNarrow ? .float32 : .float64)
      let event = try self.event(fields, isNarrow: isNarrow, &builder)
      let result = try lowering.lower(model, event, &builder)
      var parts: [Value] = []
      for value in [result.value] + lowering.sums where parts.isEmpty || value != result.value {
        let isWide = builder.shape(of: value).kind == .number(.float64)
        parts.append(isWide ? value : try builder.add(.convert(value, to: .float64)))
      }
      let final = parts.count == 1 ? parts[0] : try builder.add(.concatenate(parts))
      let marginCount = builder.shape(of: final).count - builder.shape(of: result.value).count
      return try Forest(
        inputs: fields.inputs.map(input), model: builder.model(result: final),
        columns: columns(result, fields, marginCount, model, context),
        provenance: provenance(model, document.root, fields, context, source))
    } catch let error as ReadError {
      throw error
    } catch let fault as ForestFault {
      throw context.wrap(fault, model)
    } catch {
      throw context.error(.unsupported, model, "the model cannot be represented")
    }
  }

  /// The inputs as the model sees them: missing values replaced, float32 fields rounded.
  private static func event(_ fields: PMMLFields, isNarrow: Bool, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    var event = Value.inputs
    if !isNarrow, fields.inputs.contains(where: \.isFloat) {
      let rounded = try builder.add(.convert(builder.add(.convert(event, to: .float32)), to: .float64))
      let count = fields.inputs.count
      let positions = fields.inputs.enumerated().map { Int32($1.isFloat ? count + $0 : $0) }
      event = try builder.add(.gather(builder.add(.concatenate([event, rounded])), positions))
    }
    if fields.inputs.contains(where: { $0.replacement != nil }) {
      let width: Width = isNarrow ? .float32 : .float64
      // NaN stands for "not replaced".
      let replacements = try builder.constant(fields.inputs.map { $0.replacement ?? .nan }, width)
      event = try builder.add(.select(builder.add(.isNaN(event)), replacements, event))
    }
    return event
  }

  private static func input(_ field: PMMLFields.Field) -> Input {
    Input(
      label: field.name, title: field.displayName, kind: field.isInteger ? .integer : .real, trainingRange: field.range)
  }

  /// The output field that reports the probability of a class: of the model, or of the last model of its chain.
  private static func outputName(ofClass name: String, _ model: XMLElement) -> String? {
    var place: XMLElement? = model
    while let element = place {
      for field in element.children(named: "Output").flatMap({ $0.children(named: "OutputField") })
      where field.attribute("feature") == "probability" && field.attribute("value") == name {
        return field.attribute("name")
      }
      place = element.children(named: "Segmentation").first { $0.attribute("multipleModelMethod") == "modelChain" }?
        .children(named: "Segment").last?.children.last
    }
    return nil
  }

  private static func columns(
    _ result: PMMLLowering.Result, _ fields: PMMLFields, _ marginCount: Int, _ model: XMLElement, _ context: PMMLContext
  ) -> [Column] {
    let width = PMMLWidth.of(model)
    var columns: [Column] = []
    switch result {
    case .number:
      let name = fields.targetName.isEmpty ? "value" : fields.targetName
      columns.append(Column(name: name, role: .response, meaning: "the predicted value of \(name); NaN where there is no result", width: width))
    case .classes:
      for name in fields.classes {
        columns.append(
          Column(
            name: outputName(ofClass: name, model) ?? "probability(\(name))", role: .response, meaning: "the probability of the class \(name); NaN where there is no result",
            width: .float64))
      }
    }
    for index in 0..<marginCount {
      columns.append(
        Column(
          name: marginCount == 1 ? "margin" : "margin_\(index)", role: .margin, meaning: "the sum over the trees", width: .float64,
          isPrinted: false))
    }
    return columns
  }

  private static func provenance(
    _ model: XMLElement, _ root: XMLElement, _ fields: PMMLFields, _ context: PMMLContext, _ source: Provenance.Source?
  ) -> Provenance {
    let application = root.children.first { $0.name == "Header" }?.children.first { $0.name == "Application" }
    let writer = [application?.attribute("name"), application?.attribute("version")].compactMap { $0 }.joined(separator: " ")
    let algorithm = model.attribute("algorithmName") ?? model.attribute("modelName") ?? model.name
    if !fields.classes.isEmpty {
      context.note(.choice, "the columns are the probabilities; the predicted class, a text in PMML, is the one with the largest")
    }
    context.note(.choice, "a missing value is NaN here; so is a result where the document has none")
    return Provenance(
      trainer: ReadError.printable(writer.isEmpty ? "unknown (PMML)" : "unknown (PMML written by \(writer))"),
      kind: ReadError.printable("\(algorithm), \(model.attribute("functionName") ?? "unknown")"), format: "PMML", source: source,
      facts: [Provenance.Fact("PMML version", ReadError.printable(root.attribute("version") ?? ""))], notes: context.notes)
  }
}
