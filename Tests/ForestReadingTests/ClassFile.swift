import ForestIR

/// A class in the shape that TMVA writes, put together from parts: tiny trees of our own, in the dress of several releases.
struct ClassFile: Sendable {
  /// A tree as a class holds it. The numbers are texts, as they are printed.
  indirect enum Node: Sendable {
    case split(Int, String, sense: Int, Node, Node)
    /// `offset + Σ coefficients · x > cut`; the last coefficient is the offset.
    case fisher([String], String, sense: Int, Node, Node)
    case leaf(type: Int, purity: String, response: String)
  }

  enum Formula: Sendable { case votes, purities, gradient, multiclass }
  enum Transformation: Sendable { case decorrelation, normalisation, scaledNormalisation }

  var isRecent = false
  var comparison = ">"
  var formula = Formula.votes
  var hasFisher = false
  var preselection = ""
  var transformations: [Transformation] = []
  var trees: [(weight: String, root: Node)] = ClassFile.threeTrees

  static let threeTrees: [(weight: String, root: Node)] = [
    (
      "0.512345678901234",
      .split(
        0, "1.5", sense: 1, .leaf(type: -1, purity: "0.25", response: "-0.1"),
        .split(1, "-0.333333", sense: 0, .leaf(type: 1, purity: "0.9", response: "0.7"), .leaf(type: -1, purity: "0.1", response: "0.05")))
    ),
    ("0.25", .split(1, "2", sense: 1, .leaf(type: 1, purity: "0.625", response: "1e-05"), .leaf(type: -1, purity: "0.5", response: "-1.25"))),
    ("3.1e-02", .leaf(type: 1, purity: "1", response: "0")),
  ]

  private func text(_ node: Node) -> String {
    let none = hasFisher ? "0, 0, 0, 0, " : ""
    switch node {
    case .leaf(let type, let purity, let response):
      return "NN(\n0, \n0, \n\(none)-1, 0, 1, \(type), \(purity),\(response)) "
    case .split(let variable, let cut, let sense, let left, let right):
      return "NN(\n\(text(left)), \n\(text(right)), \n\(none)\(variable), \(cut), \(sense), 0, 0.5,-99) "
    case .fisher(let coefficients, let cut, let sense, let left, let right):
      return "NN(\n\(text(left)), \n\(text(right)), \n3, \(coefficients.joined(separator: ", ")), 2, \(cut), \(sense), 0, 0.5,-99) "
    }
  }

  private var result: String { formula == .multiclass ? "std::vector<double>" : "double" }
  private var function: String { formula == .multiclass ? "GetMulticlassValues" : "GetMvaValue" }

  private var nodeClass: String {
    let arguments = hasFisher ? "int nFisherCoeff, double fisherCoeff0, double fisherCoeff1, double fisherCoeff2," : ""
    let pushes = hasFisher ? (0..<3).map { "fFisherCoeff.push_back(fisherCoeff\($0));" }.joined(separator: " ") : ""
    let test = hasFisher
      ? """
        if (fNFisherCoeff == 0){ result = (inputValues[fSelector] \(comparison) fCutValue ); }else{
        double fisher = fFisherCoeff.at(fFisherCoeff.size()-1);
        for (unsigned int ivar=0; ivar<fFisherCoeff.size()-1; ivar++) fisher += fFisherCoeff.at(ivar)*inputValues.at(ivar);
        result = fisher > fCutValue; }
        """ : "result = (inputValues[fSelector] \(comparison) fCutValue );"
    return """
      #define NN new SmallNode
      #ifndef SmallNode__def
      #define SmallNode__def
      class SmallNode {
      public:
         SmallNode ( SmallNode* left,SmallNode* right, \(arguments) int selector, double cutValue, bool cutType,
           int nodeType, double purity, double response ) :
         fLeft ( left ), fRight ( right ), \(hasFisher ? "fNFisherCoeff ( nFisherCoeff )," : "") fSelector ( selector ), fCutValue ( cutValue ),
         fCutType ( cutType ), fNodeType ( nodeType ), fPurity ( purity ), fResponse ( response ){ \(pushes) }
         virtual ~SmallNode();
         virtual bool GoesRight( const std::vector<double>& inputValues ) const;
         SmallNode* GetRight( void )  {return fRight; };
         virtual bool GoesLeft ( const std::vector<double>& inputValues ) const;
         SmallNode* GetLeft( void ) { return fLeft; };
         double GetPurity( void ) const { return fPurity; }
         int    GetNodeType( void ) const { return fNodeType; }
         double GetResponse(void) const {return fResponse;}
      private:
         SmallNode* fLeft; SmallNode* fRight; \(hasFisher ? "int fNFisherCoeff; std::vector<double> fFisherCoeff;" : "")
         int fSelector; double fCutValue; bool fCutType; int fNodeType; double fPurity; double fResponse;
      };
      SmallNode::~SmallNode() { if (fLeft != NULL) delete fLeft; if (fRight != NULL) delete fRight; };
      bool SmallNode::GoesRight( const std::vector<double>& inputValues ) const {
         bool result; \(test)
         if (fCutType == true) return result; else return !result; // a comment
      }
      bool SmallNode::GoesLeft( const std::vector<double>& inputValues ) const
      { if (!this->GoesRight(inputValues)) return true; else return false; }
      #endif

      """
  }

  private var declarations: String {
    guard !transformations.isEmpty else { return "" }
    return transformations.enumerated().map { index, kind in
      let n = index + 1
      let arrays =
        switch kind {
        case .decorrelation: "double fDecTF_\(n)[3][2][2];"
        case .normalisation: "double fMin_\(n)[3][2]; double fMax_\(n)[3][2];"
        case .scaledNormalisation: "double fOff_\(n)[3][2]; double fScal_\(n)[3][2];"
        }
      return "\(arrays) void InitTransform_\(n)(); void Transform_\(n)( std::vector<double> & iv, int sigOrBgd ) const;\n"
    }.joined() + "void InitTransform(); void Transform( std::vector<double> & iv, int sigOrBgd ) const;"
  }

  private var classifier: String {
    let sanity = """
      if (theInputVars.size() <= 0) { std::cout << "a" << fClassName << "b" << std::endl; fStatusIsClean = false; }
      if (theInputVars.size() != fNvars) { std::cout << "a" << fClassName << "b" << theInputVars.size() << " != " << fNvars << std::endl;
        fStatusIsClean = false; }
      for (size_t ivar = 0; ivar < theInputVars.size(); ivar++) { if (theInputVars[ivar] != inputVars[ivar]) {
        std::cout << "a" << fClassName << "b" << std::endl << "c" << ivar << "d" << theInputVars[ivar].c_str() << " != " << inputVars[ivar]
        << std::endl; fStatusIsClean = false; } }
      """
    return """
      #ifndef IClassifierReader__def
      #define IClassifierReader__def
      class IClassifierReader { public: IClassifierReader() : fStatusIsClean( true ) {} virtual ~IClassifierReader() {}
         virtual \(result) \(function)( const std::vector<double>& inputValues ) const = 0;
         bool IsStatusClean() const { return fStatusIsClean; }
       protected: bool fStatusIsClean; };
      #endif
      class ReadSmall : public IClassifierReader {
       public:
         ReadSmall( std::vector<std::string>& theInputVars ) : IClassifierReader(), fClassName( "ReadSmall" ),
              fNvars( 2 )\(isRecent ? "" : ", fIsNormalised( false )") {
            const char* inputVars[] = { "pt", "log(m)" };
            \(sanity)
            fVmin[0] = -1.5; fVmax[0] = 2; fVmin[1] = 0; fVmax[1] = 0; fType[0] = 'F'; fType[1] = 'I';
            Initialize(); \(transformations.isEmpty ? "" : "InitTransform();")
         }
         virtual ~ReadSmall() { Clear(); }
         \(result) \(function)( const std::vector<double>& inputValues ) const\(isRecent ? " override" : "");
       private:
         void Clear(); \(declarations)
         const char* fClassName; const size_t fNvars; size_t GetNvar() const { return fNvars; }
         char GetType( int ivar ) const { return fType[ivar]; }
         \(isRecent ? "" : "const bool fIsNormalised; bool IsNormalised() const { return fIsNormalised; }")
         double fVmin[2]; double fVmax[2];
         double NormVariable( double x, double xmin, double xmax ) const { return 2*(x - xmin)/(xmax - xmin) - 1.0; }
         char fType[2]; void Initialize();
         \(result) \(function)__( const std::vector<double>& inputValues ) const;
         std::vector<SmallNode*> fForest; std::vector<double> fBoostWeights;
      };

      """
  }

  private var response: String {
    let descent = """
      SmallNode *current = fForest[itree];
      while (current->GetNodeType() == 0) {
        if (current->GoesRight(inputValues)) current=(SmallNode*)current->GetRight(); else current=(SmallNode*)current->GetLeft(); }
      """
    let body: String
    switch formula {
    case .multiclass:
      body = """
        uint nClasses = 3; std::vector<double> fMulticlassReturnVal; fMulticlassReturnVal.reserve(nClasses);
        std::vector<double> temp(nClasses); auto forestSize = fForest.size(); uint classOfTree = 0;
        for (uint itree = 0; itree < forestSize; ++itree) { \(descent)
          temp[classOfTree] += current->GetResponse(); if (++classOfTree == nClasses) classOfTree = 0; }
        std::transform(temp.begin(), temp.end(), temp.begin(), [](double d){return exp(d);});
        for(uint iClass=0; iClass<nClasses; iClass++){ double norm = 0.0;
          for(uint j=0;j<nClasses;j++){ if(iClass!=j) norm += temp[j] / temp[iClass]; }
          fMulticlassReturnVal.push_back(1.0/(1.0+norm)); }
        return fMulticlassReturnVal;
        """
    case .gradient:
      body = """
        double myMVA = 0; \(preselection) for (unsigned int itree=0; itree<fForest.size(); itree++){ \(descent)
        myMVA += current->GetResponse(); } return 2.0/(1.0+exp(-2.0*myMVA))-1.0;
        """
    case .votes, .purities:
      body = """
        double myMVA = 0; \(preselection) double norm = 0; for (unsigned int itree=0; itree<fForest.size(); itree++){ \(descent)
        myMVA += fBoostWeights[itree] * current->\(formula == .votes ? "GetNodeType" : "GetPurity")(); norm += fBoostWeights[itree]; }
        return myMVA /= norm;
        """
    }
    return "\(result) ReadSmall::\(function)__( const std::vector<double>& inputValues ) const { \(body) }\(isRecent ? "" : ";")\n"
  }

  private var door: String {
    let loop = "for (std::vector<double>::const_iterator varIt = inputValues.begin(); varIt != inputValues.end(); varIt++, ivar++) {"
    let transform = transformations.isEmpty ? "" : "Transform( iV, -1 );"
    let call = transformations.isEmpty
      ? "retval = \(function)__( inputValues );"
      : isRecent
        ? "std::vector<double> iV(inputValues); Transform( iV, -1 ); retval = \(function)__( iV );"
        : "std::vector<double> iV; int ivar = 0; \(loop) iV.push_back(*varIt); } Transform( iV, -1 ); retval = \(function)__( iV );"
    let inner = isRecent
      ? call
      : """
        if (IsNormalised()) { std::vector<double> iV; int ivar = 0; \(loop) iV.push_back(NormVariable( *varIt, fVmin[ivar], fVmax[ivar] )); }
        \(transform) retval = \(function)__( iV ); } else { \(call) }
        """
    return """
      inline \(result) ReadSmall::\(function)( const std::vector<double>& inputValues ) const {
        \(result) retval\(formula == .multiclass ? "" : " = 0");
        if (!IsStatusClean()) { std::cout << "a" << fClassName << "b" << " c" << std::endl; \(formula == .multiclass ? "" : "retval = 0;") }
        else { \(inner) }
        return retval;
      }

      """
  }

  private func definition(_ kind: Transformation, _ n: Int) -> String {
    let classChoice = "if (cls < 0 || cls > 2) { if (2 > 1 ) cls = 2; else cls = 2; }"
    let gets = "indicesGet.push_back( 1); indicesGet.push_back( 0);"
    let puts = "indicesPut.push_back( 1); indicesPut.push_back( 0);"
    let lists = isRecent
      ? """
        static std::vector<int> indicesGet; static std::vector<int> indicesPut;
        if ( indicesGet.empty() ) { indicesGet.reserve(fNvars); \(gets) } if ( indicesPut.empty() ) { indicesPut.reserve(fNvars); \(puts) }
        """ : "std::vector<int> indicesGet; std::vector<int> indicesPut; \(gets) \(puts)"
    let vector = isRecent ? "static std::vector<double> dv; dv.resize(nVar);" : "std::vector<double> dv(nVar);"
    let copy = "\(vector) for (int ivar=0; ivar<nVar; ivar++) dv[ivar] = iv[indicesGet.at(ivar)];"
    func limits(_ more: (String) -> String) -> String {
      (0..<2).map { i in
        (0..<3).map { c in
          "fMin_\(n)[\(c)][\(i)] = -0.\(c + 1)\(i); fMax_\(n)[\(c)][\(i)] = 2.\(c)7; " + more("\(n)[\(c)][\(i)]")
        }.joined(separator: "\n")
      }.joined(separator: "\n")
    }
    switch kind {
    case .decorrelation:
      let values = (0..<3).map { c in
        (0..<2).map { i in (0..<2).map { "fDecTF_\(n)[\(c)][\(i)][\($0)] = \(c).\(i)3\($0);" }.joined() }.joined()
      }.joined(separator: "\n")
      return """
        inline void ReadSmall::InitTransform_\(n)() { \(values) }
        inline void ReadSmall::Transform_\(n)( std::vector<double>& iv, int cls) const { \(classChoice) \(lists)
        std::vector<double> tv; for (int i=0; i<2;i++) { double v = 0; for (int j=0; j<2; j++)
        v += iv[indicesGet.at(j)] * fDecTF_\(n)[cls][i][j]; tv.push_back(v); } for (int i=0; i<2;i++) iv[indicesPut.at(i)] = tv[i]; }

        """
    case .normalisation:
      return """
        inline void ReadSmall::InitTransform_\(n)() { \(limits { _ in "" }) }
        inline void ReadSmall::Transform_\(n)( std::vector<double>& iv, int cls) const { \(classChoice) const int nVar = 2; \(lists) \(copy)
        for (int ivar=0;ivar<2;ivar++) { double offset = fMin_\(n)[cls][ivar]; double scale = 1.0/(fMax_\(n)[cls][ivar]-fMin_\(n)[cls][ivar]);
        iv[indicesPut.at(ivar)] = (dv[ivar]-offset)*scale * 2 - 1; } }

        """
    case .scaledNormalisation:
      let rest = { (e: String) in "fScal_\(e) = 2.0/(fMax_\(e)-fMin_\(e)); fOff_\(e) = fMin_\(e)*fScal_\(e)+1.;" }
      return """
        inline void ReadSmall::InitTransform_\(n)() { double fMin_\(n)[3][2]; double fMax_\(n)[3][2]; \(limits(rest)) }
        inline void ReadSmall::Transform_\(n)( std::vector<double>& iv, int cls) const { \(classChoice) const int nVar = 2; \(lists) \(copy)
        for (int ivar=0;ivar<2;ivar++) { double offset = fOff_\(n)[cls][ivar]; double scale = fScal_\(n)[cls][ivar];
        iv[indicesPut.at(ivar)] = scale*dv[ivar]-offset; } }

        """
    }
  }

  var text: String {
    let constants = isRecent
      ? "double inf = std::numeric_limits<double>::infinity(); double nan = std::numeric_limits<double>::quiet_NaN();" : ""
    let forest = trees.map { "fBoostWeights.push_back(\($0.weight));\n  fForest.push_back( \n\(text($0.root))   );\n" }.joined()
    let definitions = transformations.enumerated().map { definition($1, $0 + 1) }.joined()
    let calls = transformations.isEmpty
      ? ""
      : """
        inline void ReadSmall::InitTransform() { \(transformations.indices.map { "InitTransform_\($0 + 1)();" }.joined()) }
        inline void ReadSmall::Transform( std::vector<double>& iv, int sigOrBgd ) const
        { \(transformations.indices.map { "Transform_\($0 + 1)( iv, sigOrBgd );" }.joined()) }
        """
    return """
      // Class: ReadSmall
      /* configuration options
      Method         : BDT::Small
      TMVA Release   : 4.2.1         [262657]
      ROOT Release   : 6.10/04       [395780]
      Date           : today
      BoostType: "AdaBoost" [Boosting type]
      */
      #include <vector>
      #include <cmath>
      #include <string>
      #include <iostream>
      \(isRecent ? "#include <algorithm>\n#include <limits>" : "")
      \(nodeClass)\(classifier)\(response)void ReadSmall::Initialize() { \(constants)
      \(forest) return; };
      inline void ReadSmall::Clear() { for (unsigned int itree=0; itree<fForest.size(); itree++) { delete fForest[itree]; } }
      \(door)\(definitions)\(calls)

      """
  }
}
