import ForestIR

/// The whole file: which dialect it is in, and by which release's rules it is to be read.
struct ScikitDocument {
  let estimator: Estimator
  let release: ScikitRelease?
  let scipyRelease: ScikitRelease?
  /// The name of the dialect.
  let format: String

  /// Reads the file to its end.
  init(_ parser: inout EstimatorParser) throws(ReadError) {
    guard try parser.cursor.kind() != .array else {
      throw parser.cursor.fault(
        .unsupported, "an array at the top: a list of trees does not say how they make up a forest (a sum or a mean, from which base score, "
          + "with which learning rate); write the model with Examples/dump_sklearn.py")
    }
    let document = try parser.estimator(EstimatorParser.Surroundings(nesting: 0, isDocument: true))
    try parser.cursor.end()
    let stated = try Self.release("sklearn_version", document, parser.cursor)
    scipyRelease = try Self.release("scipy_version", document, parser.cursor)

    if document.values["format"] != nil || (document.members != nil && document.values["format_version"] != nil) {
      estimator = try Self.modelOfDump(document, parser.cursor)
      format = "sklearn-trees"
      release = stated
      guard release != nil else {
        throw parser.cursor.fault(
          .missing, at: document.place, "the file has no \"sklearn_version\": rules of scoring depend on it")
      }
      return
    }
    let remarks = parser.remarks
    if document.values["meta"] != nil {
      try MetaDialect.adapt(document, parser.cursor)
      estimator = document
      release = stated ?? MetaDialect.release
      format = "sklearn-json"
      remarks.note(
        .choice, "the file was written by the package sklearn-json: leaf values are taken for counts, and the rules of scikit-learn "
          + "\(release!.description) hold")
      return
    }
    release = stated
    if document.predictors != nil, document.values["threshold_type"] != nil {
      document.impliedClass = "treelite"
      document.values["class"] = nil
      estimator = document
      format = "treelite"
    } else if document.values["class"] != nil {
      estimator = document
      format = "estimator object"
      remarks.note(
        .choice, "the file holds an estimator object without the frame of the sklearn-trees format"
          + (release == nil ? "; it does not name the release, so the newest rules are taken" : ""))
    } else if document.tree != nil {
      let isClassifier = document.values["classes_"] != nil || document.values["n_classes_"] != nil
      document.impliedClass = isClassifier ? "DecisionTreeClassifier" : "DecisionTreeRegressor"
      estimator = document
      format = "bare tree"
      remarks.note(
        .choice, "the file holds the arrays or nodes of one tree; it is taken for a "
          + (isClassifier ? "classifier, since it names classes" : "regressor, since it names no classes"))
    } else {
      throw parser.cursor.fault(
        .unsupported, at: document.place, "this JSON file is not a model that is known here: it has neither \"format\" nor \"class\" nor a tree")
    }
  }

  private static func modelOfDump(_ document: Estimator, _ cursor: JSONCursor) throws(ReadError) -> Estimator {
    func fault(_ code: ReadError.Code, _ name: String, _ message: String) -> ReadError {
      cursor.fault(code, at: document.values[name]?.place ?? document.place, message)
    }
    guard document.values["format"]?.value.text == "sklearn-trees" else {
      throw fault(.unsupported, "format", "the format is not \"sklearn-trees\"")
    }
    guard let version = document.values["format_version"] else {
      throw fault(.missing, "format", "the file has no \"format_version\"")
    }
    guard let number = version.value.integer else { throw fault(.malformed, "format_version", "format_version is an integer") }
    guard number == 1 else {
      throw fault(.unsupported, "format_version", "version \(number) of the format; this program reads version 1")
    }
    guard let model = document.members?.first?.first else { throw fault(.missing, "format", "the file has no \"model\"") }
    return model
  }

  private static func release(
    _ name: String, _ document: Estimator, _ cursor: JSONCursor
  ) throws(ReadError) -> ScikitRelease? {
    guard let value = document.values[name] else { return nil }
    if case .null = value.value { return nil }
    guard let text = value.value.text, let release = ScikitRelease(text) else {
      throw cursor.fault(.malformed, at: value.place, "\(name) is a release such as \"1.5.2\"")
    }
    return release
  }
}
