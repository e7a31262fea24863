import ForestIR

/// The functions that transform variables: decorrelation and normalisation. Others are refused by name.
extension TMVAClassParser {
  /// All numbers of all transformations together.
  static let mostElements = 1 << 24
  static let mostTransformations = 64

  // MARK: Declarations

  /// In the class: the arrays, and two functions for each transformation.
  mutating func transformationDeclarations() throws(ReadError) {
    guard model.hasTransformations else { return }
    while code.stands("double") || code.stands("void") {
      if code.takeAll("void InitTransform(); void Transform(std::vector<double>& iv, int sigOrBgd) const;") { break }
      if code.stands("double") {
        try code.expect("double")
        let name = try code.word()
        if let kind = Self.unsupportedArrays.first(where: { name.hasPrefix($0.prefix) })?.kind {
          throw code.error(.unsupported, "a transformation of the variables that is not read from code: \(kind)")
        }
        model.arrays.append(TMVAClassArray(name: name, sizes: try sizes()))
        try code.expect(";")
      } else {
        let number = model.transformationNumbers.count + 1
        guard number <= Self.mostTransformations else { throw code.error(.limit, "more than \(Self.mostTransformations) transformations") }
        try code.expect(
          "void InitTransform_\(number)(); void Transform_\(number)(std::vector<double>& iv, int sigOrBgd) const;")
        model.transformationNumbers.append(number)
      }
    }
    guard !model.transformationNumbers.isEmpty else { throw code.error(.missing, "no transformation is declared") }
  }

  private static let unsupportedArrays = [
    (prefix: "fMeanValues_", kind: "principal components (VarTransform=P)"),
    (prefix: "fEigenVectors_", kind: "principal components (VarTransform=P)"),
    (prefix: "cumulativeDist_", kind: "Gauss or uniform (VarTransform=G or U)"),
    (prefix: "X_", kind: "Gauss or uniform (VarTransform=G or U)"),
    (prefix: "xMin_", kind: "Gauss or uniform (VarTransform=G or U)"),
  ]

  private mutating func sizes() throws(ReadError) -> [Int] {
    var sizes: [Int] = []
    while try code.take("[") {
      sizes.append(try code.integer(1...Self.mostVariables, "the size of an array"))
      try code.expect("]")
    }
    guard sizes.count == 2 || sizes.count == 3, sizes.reduce(1, *) <= Self.mostElements else {
      throw code.error(.unsupported, "an array of a transformation that is not known here")
    }
    return sizes
  }

  // MARK: Definitions

  mutating func transformations() throws(ReadError) {
    var elements = 0
    for number in model.transformationNumbers {
      let sizes: [Int]
      let kind: ArrayKind
      if let array = array("fDecTF_\(number)") {
        (sizes, kind) = (array.sizes, .decorrelation)
      } else if let array = array("fMin_\(number)"), self.array("fMax_\(number)")?.sizes == array.sizes {
        (sizes, kind) = (array.sizes, .limits)
      } else if let array = array("fOff_\(number)"), self.array("fScal_\(number)")?.sizes == array.sizes {
        (sizes, kind) = (array.sizes, .scales)
      } else {
        throw code.error(.unsupported, "transformation \(number) is neither a decorrelation nor a normalisation")
      }
      elements += sizes.reduce(1, *)
      guard elements <= Self.mostElements, sizes.count == (kind == .decorrelation ? 3 : 2) else {
        throw code.error(.limit, "the arrays of transformation \(number) have unusual sizes")
      }
      model.transformations.append(try transformation(number, kind, sizes))
    }
    _ = try code.take("inline")
    try code.expect("void \(model.className)::InitTransform() {")
    for number in model.transformationNumbers { try code.expect("InitTransform_\(number)();") }
    try code.expect("}")
    _ = try code.take("inline")
    try code.expect("void \(model.className)::Transform(std::vector<double>& iv, int sigOrBgd) const {")
    for number in model.transformationNumbers { try code.expect("Transform_\(number)(iv, sigOrBgd);") }
    try code.expect("}")
  }

  private enum ArrayKind { case decorrelation, limits, scales }

  private func array(_ name: String) -> TMVAClassArray? { model.arrays.first { $0.name == name } }

  private mutating func transformation(
    _ number: Int, _ kind: ArrayKind, _ sizes: [Int]
  ) throws(ReadError) -> TMVAClassTransformation {
    _ = try code.take("inline")
    try code.expect("void \(model.className)::InitTransform_\(number)() {")
    // Element [c][i] or [c][i][j] of the array, c being the class of events that the numbers come from.
    var lowest: [Double] = []
    var highest: [Double] = []
    switch kind {
    case .decorrelation:
      for c in 0..<sizes[0] {
        for i in 0..<sizes[1] {
          for j in 0..<sizes[2] {
            try code.expect("fDecTF_\(number)[\(c)][\(i)][\(j)] =")
            lowest.append(try code.number().value)
            try code.expect(";")
          }
        }
      }
    case .limits, .scales:
      if kind == .scales {
        try code.expect("double fMin_\(number)[\(sizes[0])][\(sizes[1])]; double fMax_\(number)[\(sizes[0])][\(sizes[1])];")
      }
      (lowest, highest) = ([Double](repeating: 0, count: sizes[0] * sizes[1]), [Double](repeating: 0, count: sizes[0] * sizes[1]))
      for i in 0..<sizes[1] {
        for c in 0..<sizes[0] {
          let element = "\(number)[\(c)][\(i)]"
          try code.expect("fMin_\(element) =")
          lowest[c * sizes[1] + i] = try code.number().value
          try code.expect("; fMax_\(element) =")
          highest[c * sizes[1] + i] = try code.number().value
          try code.expect(";")
          if kind == .scales {
            try code.expect(
              "fScal_\(element) = 2.0/(fMax_\(element)-fMin_\(element)); fOff_\(element) = fMin_\(element)*fScal_\(element)+1.;")
          }
        }
      }
    }
    try code.expect("}")
    _ = try code.take("inline")
    try code.expect("void \(model.className)::Transform_\(number)(std::vector<double>& iv, int cls) const {")
    let chosen = try chosenClass(of: sizes[0])
    return try body(number, kind, sizes, class: chosen, lowest, highest)
  }

  /// The function is called with class −1; it then takes the class of all events.
  private mutating func chosenClass(of count: Int) throws(ReadError) -> Int {
    try code.expect("if (cls < 0 || cls >")
    let classCount = try code.integer(0...1 << 12, "the number of classes")
    try code.expect(") { if (\(classCount) > 1) cls = \(classCount); else cls =")
    let other = try code.integer(0...1 << 12, "a class")
    let chosen = classCount > 1 ? classCount : other
    guard chosen < count else { throw code.error(.outOfRange, "the numbers of class \(chosen) of \(count) are used") }
    try code.expect("; }")
    return chosen
  }

  private mutating func body(
    _ number: Int, _ kind: ArrayKind, _ sizes: [Int], class chosen: Int, _ lowest: [Double], _ highest: [Double]
  ) throws(ReadError) -> TMVAClassTransformation {
    let width = sizes[1]
    if kind != .decorrelation { try code.expect("const int nVar = \(width);") }
    let (sources, destinations) = try indices()
    guard destinations.count == width, sources.count == sizes[sizes.count - 1] else {
      throw code.error(.inconsistent, "transformation \(number) reads \(sources.count) variables and replaces \(destinations.count)")
    }
    let row = chosen * width..<(chosen + 1) * width
    let result: TMVAClassTransformation.Kind
    switch kind {
    case .decorrelation:
      try code.expect(
        """
        std::vector<double> tv; for (int i=0; i<\(width); i++) { double v = 0; for (int j=0; j<\(sizes[2]); j++)
        v += iv[indicesGet.at(j)] * fDecTF_\(number)[cls][i][j]; tv.push_back(v); }
        for (int i=0; i<\(width); i++) iv[indicesPut.at(i)] = tv[i]; }
        """)
      let size = width * sizes[2]
      do {
        result = .decorrelation(
          try Matrix(rows: width, columns: sizes[2], elements: Array(lowest[chosen * size..<(chosen + 1) * size])))
      } catch {
        throw code.error(.unsupported, error.message)
      }
    case .limits, .scales:
      if !code.takeAll("static std::vector<double> dv; dv.resize(nVar);") { try code.expect("std::vector<double> dv(nVar);") }
      try code.expect(
        """
        for (int ivar=0; ivar<nVar; ivar++) dv[ivar] = iv[indicesGet.at(ivar)];
        for (int ivar=0; ivar<\(width); ivar++) {
        """)
      if kind == .limits {
        try code.expect(
          """
          double offset = fMin_\(number)[cls][ivar];
          double scale = 1.0/(fMax_\(number)[cls][ivar]-fMin_\(number)[cls][ivar]);
          iv[indicesPut.at(ivar)] = (dv[ivar]-offset)*scale * 2 - 1; } }
          """)
        result = .normalisation(lowest: Array(lowest[row]), highest: Array(highest[row]))
      } else {
        try code.expect(
          """
          double offset = fOff_\(number)[cls][ivar]; double scale = fScal_\(number)[cls][ivar];
          iv[indicesPut.at(ivar)] = scale*dv[ivar]-offset; } }
          """)
        result = .scaledNormalisation(lowest: Array(lowest[row]), highest: Array(highest[row]))
      }
    }
    return TMVAClassTransformation(kind: result, sources: sources, destinations: destinations)
  }

  /// The lists of variables that are read and replaced, made at each call or, in some releases, at the first.
  private mutating func indices() throws(ReadError) -> (sources: [Int32], destinations: [Int32]) {
    let isStatic = code.takeAll("static std::vector<int> indicesGet; static std::vector<int> indicesPut;")
    if !isStatic { try code.expect("std::vector<int> indicesGet; std::vector<int> indicesPut;") }
    var lists: [[Int32]] = []
    for name in ["indicesGet", "indicesPut"] {
      if isStatic { try code.expect("if (\(name).empty()) { \(name).reserve(fNvars);") }
      var list: [Int32] = []
      while code.takeAll("\(name).push_back(") {
        list.append(Int32(try code.integer(0...model.variableCount - 1, "a transformed variable")))
        try code.expect(");")
      }
      if isStatic { try code.expect("}") }
      lists.append(list)
    }
    return (lists[0], lists[1])
  }
}
