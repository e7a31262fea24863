import ForestIR

/// Reads the code of a generated class from the first line to the last.
///
/// Every token must stand where TMVA puts it; what the releases from ROOT 5.32 to 6.33 do differently is listed where it
/// is read. Comments do not count. The grammar is in three files: the declarations here, the functions that compute in
/// `TMVAClassParser+Functions.swift`, the trees in `TMVAClassParser+Trees.swift`; transformations have a file of their own.
struct TMVAClassParser {
  var code: CodeCursor
  var model = TMVAClass()

  /// More variables than this are no event.
  static let mostVariables = 1 << 16

  init(file: String, bytes: [UInt8]) throws(ReadError) {
    code = try CodeCursor(file: file, bytes: bytes, language: .cPlusPlus, writer: "TMVA")
  }

  mutating func parse() throws(ReadError) -> TMVAClass {
    try includes()
    try nodeClass()
    try nodeFunctions()
    try interface()
    try classifierClass()
    try response()
    try initialize()
    try clearing()
    try door()
    if model.hasTransformations { try transformations() }
    guard code.token.kind == .end else { throw code.differs("the end of the file") }
    return model
  }

  private mutating func includes() throws(ReadError) {
    let known = ["array", "vector", "cmath", "string", "iostream", "algorithm", "limits"]
    while let name = known.first(where: { code.standsDirective("#include <\($0)>") }) {
      try code.expectDirective("#include <\(name)>")
    }
  }

  // MARK: The class of the nodes

  private mutating func nodeClass() throws(ReadError) {
    let start = code
    guard code.token.kind == .directive, case let words = code.text.split(separator: " "), words.count == 4,
      words[0] == "#define", words[1] == "NN", words[2] == "new", words[3].hasSuffix("Node"), words[3].count > 4
    else {
      throw start.error(
        .unsupported, "`#define NN new …Node` is expected here: the class does not hold boosted decision trees of this form")
    }
    let node = String(words[3])
    model.nodeName = node
    try code.advance()
    try code.expectDirective("#ifndef \(node)__def")
    try code.expectDirective("#define \(node)__def")
    try code.expect("class \(node) { public : \(node) ( \(node) * left , \(node) * right ,")
    var coefficients = 0
    if code.takeAll("int nFisherCoeff ,") {
      model.hasFisherCuts = true
      while code.takeAll("double fisherCoeff\(coefficients) ,") { coefficients += 1 }
    }
    try code.expect(
      """
      int selector, double cutValue, bool cutType, int nodeType, double purity, double response) :
      fLeft(left), fRight(right),
      """)
    if model.hasFisherCuts { try code.expect("fNFisherCoeff(nFisherCoeff),") }
    try code.expect(
      """
      fSelector(selector), fCutValue(cutValue), fCutType(cutType), fNodeType(nodeType), fPurity(purity),
      fResponse(response) {
      """)
    for index in 0..<coefficients { try code.expect("fFisherCoeff.push_back(fisherCoeff\(index));") }
    try code.expect(
      """
      } virtual ~\(node)();
      virtual bool GoesRight(const std::vector<double>& inputValues) const;
      \(node)* GetRight(void) { return fRight; };
      virtual bool GoesLeft(const std::vector<double>& inputValues) const;
      \(node)* GetLeft(void) { return fLeft; };
      double GetPurity(void) const { return fPurity; }
      int GetNodeType(void) const { return fNodeType; }
      double GetResponse(void) const { return fResponse; }
      private: \(node)* fLeft; \(node)* fRight;
      """)
    if model.hasFisherCuts { try code.expect("int fNFisherCoeff; std::vector<double> fFisherCoeff;") }
    try code.expect(
      "int fSelector; double fCutValue; bool fCutType; int fNodeType; double fPurity; double fResponse; };")
    fisherCount = coefficients
  }

  /// How many Fisher coefficients a node is made with, the offset included.
  var fisherCount = 0

  private mutating func nodeFunctions() throws(ReadError) {
    let node = model.nodeName
    try code.expect(
      """
      \(node)::~\(node)() { if (fLeft != NULL) delete fLeft; if (fRight != NULL) delete fRight; };
      bool \(node)::GoesRight(const std::vector<double>& inputValues) const { bool result;
      """)
    if model.hasFisherCuts { try code.expect("if (fNFisherCoeff == 0) {") }
    try code.expect("result = (inputValues[fSelector]")
    model.isStrictGreater = code.stands(">")
    guard code.stands(">") || code.stands(">=") else { throw code.differs("`>` or `>=`") }
    try code.advance()
    try code.expect("fCutValue);")
    if model.hasFisherCuts {
      try code.expect(
        """
        } else {
        double fisher = fFisherCoeff.at(fFisherCoeff.size()-1);
        for (unsigned int ivar=0; ivar<fFisherCoeff.size()-1; ivar++) fisher += fFisherCoeff.at(ivar)*inputValues.at(ivar);
        result = fisher > fCutValue; }
        """)
    }
    try code.expect(
      """
      if (fCutType == true) return result; else return !result; }
      bool \(node)::GoesLeft(const std::vector<double>& inputValues) const {
      if (!this->GoesRight(inputValues)) return true; else return false; }
      """)
    try code.expectDirective("#endif")
  }

  // MARK: The interface and the class of the classifier

  private mutating func interface() throws(ReadError) {
    try code.expectDirective("#ifndef IClassifierReader__def")
    try code.expectDirective("#define IClassifierReader__def")
    try code.expect(
      """
      class IClassifierReader { public: IClassifierReader() : fStatusIsClean(true) {} virtual ~IClassifierReader() {}
      """)
    if code.takeAll("virtual std::vector<double> GetMulticlassValues(const std::vector<double>& inputValues) const = 0;") {
      model.formula = .multiclass(0)
    } else {
      try code.expect("virtual double GetMvaValue(const std::vector<double>& inputValues) const = 0;")
    }
    try code.expect("bool IsStatusClean() const { return fStatusIsClean; } protected: bool fStatusIsClean; };")
    try code.expectDirective("#endif")
  }

  private mutating func classifierClass() throws(ReadError) {
    try code.expect("class")
    let name = try code.word()
    guard name.hasPrefix("Read"), name.replacing("Read", with: "") + "Node" == model.nodeName else {
      throw code.error(.inconsistent, "the class \(name) has nodes of the class \(model.nodeName)")
    }
    model.className = name
    try code.expect(": public IClassifierReader { public:")
    try constructor()
    try code.expect("virtual ~\(name)() { Clear(); }")
    try code.expect("\(resultType) \(functionName)(const std::vector<double>& inputValues) const")
    _ = try code.take("override")
    try code.expect("; private: void Clear();")
    try transformationDeclarations()
    try code.expect(
      """
      const char* fClassName; const size_t fNvars; size_t GetNvar() const { return fNvars; }
      char GetType(int ivar) const { return fType[ivar]; }
      """)
    if isNormalisedFlagPresent {
      try code.expect("const bool fIsNormalised; bool IsNormalised() const { return fIsNormalised; }")
    }
    let count = model.variableCount
    try code.expect(
      """
      double fVmin[\(count)]; double fVmax[\(count)];
      double NormVariable(double x, double xmin, double xmax) const { return 2*(x - xmin)/(xmax - xmin) - 1.0; }
      char fType[\(count)]; void Initialize();
      \(resultType) \(functionName)__(const std::vector<double>& inputValues) const;
      std::vector<\(model.nodeName)*> fForest; std::vector<double> fBoostWeights; };
      """)
  }

  var resultType: String { model.isMulticlass ? "std::vector<double>" : "double" }
  var functionName: String { model.isMulticlass ? "GetMulticlassValues" : "GetMvaValue" }
  /// Releases up to 6.12 have a flag for the normalisation of variables, which no BDT sets.
  var isNormalisedFlagPresent = false

  private mutating func constructor() throws(ReadError) {
    let name = model.className
    try code.expect("\(name)(std::vector<std::string>& theInputVars) : IClassifierReader(), fClassName(\"\"), fNvars(")
    let count = try code.integer(1...Self.mostVariables, "the number of variables")
    try code.expect(")")
    if try code.take(",") {
      isNormalisedFlagPresent = true
      try code.expect("fIsNormalised(")
      if code.stands("true") { throw code.error(.unsupported, "variables that the class normalises itself, which TMVA's BDTs do not do") }
      try code.expect("false)")
    }
    try code.expect("{ const char* inputVars[] = {")
    for index in 0..<count {
      if index > 0 { try code.expect(",") }
      model.labels.append(try code.quoted())
    }
    try code.expect(
      """
      }; if (theInputVars.size() <= 0) {
      std::cout << "" << fClassName << "" << std::endl; fStatusIsClean = false; }
      if (theInputVars.size() != fNvars) {
      std::cout << "" << fClassName << "" << theInputVars.size() << "" << fNvars << std::endl; fStatusIsClean = false; }
      for (size_t ivar = 0; ivar < theInputVars.size(); ivar++) { if (theInputVars[ivar] != inputVars[ivar]) {
      std::cout << "" << fClassName << "" << std::endl << "" << ivar << "" << theInputVars[ivar].c_str() << ""
      << inputVars[ivar] << std::endl; fStatusIsClean = false; } }
      """)
    for index in 0..<count {
      try code.expect("fVmin[\(index)] =")
      let lowest = try limit()
      try code.expect("; fVmax[\(index)] =")
      let highest = try limit()
      try code.expect(";")
      if let lowest, let highest, lowest < highest {
        model.ranges.append(Input.TrainingRange(lowest: lowest, highest: highest))
      } else {
        model.ranges.append(nil)
      }
    }
    for index in 0..<count {
      try code.expect("fType[\(index)] =")
      guard code.token.kind == .character else { throw code.differs("a type in quotes") }
      model.kinds.append(code.stands("'I'") ? .integer : .real)
      try code.advance()
      try code.expect(";")
    }
    try code.expect("Initialize();")
    if code.takeAll("InitTransform();") { model.hasTransformations = true }
    try code.expect("}")
  }

  /// A limit of the training range, which nothing computes with; nil where it is not finite.
  private mutating func limit() throws(ReadError) -> Double? {
    if code.takeAll("inf") || code.takeAll("nan") || code.takeAll("-inf") || code.takeAll("-nan") { return nil }
    return try code.number().value
  }

  private mutating func clearing() throws(ReadError) {
    _ = try code.take("inline")
    try code.expect(
      """
      void \(model.className)::Clear() {
      for (unsigned int itree=0; itree<fForest.size(); itree++) { delete fForest[itree]; } }
      """)
  }
}
