/// A kind of file that somebody might hand to this tool as a model.
///
/// Files are recognised by their content, never by their name: names lie. Recognising a format is not reading it; what
/// can be read is what a `ModelReader` exists for, and the rest is refused with advice.
package enum ModelFormat: String, Sendable, CaseIterable {
  case tmvaXML = "tmva"
  case tmvaText = "tmva-text"
  case tmvaClass = "tmva-class"
  case petrifiedCpp = "petrified-cpp"
  case petrifiedPython = "petrified-python"
  case pmml
  case otherXML = "xml"
  case pickle
  case joblib
  case skops
  case scikitLearn = "sklearn"
  case xgboostJSON = "xgboost-json"
  case xgboostUBJSON = "xgboost-ubjson"
  case xgboostBinary = "xgboost-binary"
  case xgboostDump = "xgboost-dump"
  case lightgbmText = "lightgbm"
  case lightgbmJSON = "lightgbm-json"
  case catboostBinary = "catboost-binary"
  case catboostJSON = "catboost-json"
  case fastBDT = "fastbdt"
  case onnx
  case forest
  case otherJSON = "json"
  case rootFile = "root"
  case hdf5
  case zip
  case numpy
  case empty
  case unknown

  /// What such a file is called in a sentence, with its article.
  package var phrase: String {
    switch self {
    case .tmvaXML: "a TMVA weight file (XML)"
    case .tmvaText: "a TMVA text weight file (before TMVA 4)"
    case .tmvaClass: "a C++ class written by TMVA (.class.C)"
    case .petrifiedCpp: "C++ code written by petrify-bdt or petrifyML"
    case .petrifiedPython: "Python code written by petrify-bdt or petrifyML"
    case .pmml: "a PMML document"
    case .otherXML: "an XML file, but no TMVA weight file"
    case .pickle: "a Python pickle"
    case .joblib: "a joblib or other compressed file"
    case .skops: "a skops file"
    case .scikitLearn: "a scikit-learn model (JSON)"
    case .xgboostJSON: "an XGBoost model (JSON)"
    case .xgboostUBJSON: "an XGBoost model (UBJSON)"
    case .xgboostBinary: "an XGBoost model in the old binary format"
    case .xgboostDump: "a dump of XGBoost's trees (get_dump, dump_model)"
    case .lightgbmText: "a LightGBM model (text)"
    case .lightgbmJSON: "a LightGBM model (dump_model JSON)"
    case .catboostBinary: "a CatBoost model (binary)"
    case .catboostJSON: "a CatBoost model (JSON)"
    case .fastBDT: "a FastBDT weight file"
    case .onnx: "an ONNX model"
    case .forest: "a forest (petrify's own JSON)"
    case .otherJSON: "a JSON file"
    case .rootFile: "a ROOT file"
    case .hdf5: "an HDF5 file"
    case .zip: "a zip archive"
    case .numpy: "a NumPy array"
    case .empty: "an empty file"
    case .unknown: "of no format known here"
    }
  }

  /// What the owner of such a file can do, where this build cannot read it.
  package var advice: String {
    switch self {
    case .tmvaText: "retrain, or re-save it as XML with ROOT 5.24 or later"
    case .otherXML: "a TMVA weight file has the root element MethodSetup"
    case .pickle, .joblib, .skops:
      "loading it would run the code inside it; where the model was made, write it as JSON: python Examples/dump_sklearn.py MODEL -o MODEL.json"
    case .xgboostDump:
      "it has no base score, objective or order of features, and its numbers may be rounded: use booster.save_model(\"model.json\")"
    case .catboostBinary: "save it as JSON: model.save_model(\"model.json\", format=\"json\")"
    case .rootFile: "give the .weights.xml file that TMVA wrote, not the ROOT file of the training"
    case .empty: "was it written or copied completely?"
    default: "see `petrify --help` for the formats that are read"
    }
  }
}
