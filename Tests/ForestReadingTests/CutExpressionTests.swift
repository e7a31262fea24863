import ForestEvaluation
import ForestIR
import ForestTesting
import Testing

@testable import ForestReading

/// The grammar of category cuts and its deviations from C.
struct CutExpressionTests {
  /// Quantities: 0 `a`, 1 `b` (label of `b*c`), 2 `abs(eta)`, 3 `x.y`, 4 `v[0]`.
  static let variables: [TMVAVariable] = ["a", "b*c", "abs(eta)", "x.y", "v[0]"].enumerated().map {
    let label = $0 == 1 ? "b" : $1
    let element = XMLElement(name: "Variable", attributes: [("Expression", $1), ("Label", label)], line: 1)
    return TMVAVariable(element, TMVAContext(file: "", options: ReadingOptions()))
  }

  static let event: [Double] = [2, 3, 0.5, -4, 7]

  /// The value of a cut as a number, by way of the IR: is it above the given number?
  func passes(_ text: String, event: [Double] = CutExpressionTests.event) throws -> Bool {
    let cut = try CutParser.parse(text, over: Self.variables)
    var builder = ModelBuilder(inputCount: event.count, width: .float32)
    var lowering = try CutLowering(event: .inputs, positions: { $0 }, &builder)
    let condition = try lowering.condition(cut, &builder)
    let one = try builder.add(.constant([1], .float64))
    let zero = try builder.add(.constant([0], .float64))
    let result = try builder.add(.select(condition, one, zero))
    return ReferenceEvaluator(try builder.model(result: result)).evaluate(row: event).results == [1]
  }

  @Test(arguments: [
    "a==2", "a!=3", "a<3", "a<=2", "a>1", "a>=2", "1", "0.6", ".6", "6e-1", "true", "!0", "!(a>3)", "-a<0", "+a>0",
    "a==2&&b==3", "a==9||b==3", "a == 2 && ( b > 4 || b < 4 )", "a+b*2==8", "(a+b)*2==10", "a-b-1==-2", "12/b/2==2",
    "2*b-1==5", "b%2==1", "-7%3==-1", "7.9%4.9==3", "b^2==9", "2^b==8", "-(b^2)==-9", "1.5e1==15", "x.y==-4", "abs(x.y)==4",
    "fabs(-1.5)==1.5", "sqrt(-4)==2", "log(-1)==0", "log(0)==0", "log10(100)==2", "log10(0)==0", "exp(-701)==0",
    "exp(800)==exp(700)", "exp(0)==1", "asin(2)==0", "acos(-2)==0", "atanh(2)==0", "acosh(0.5)==0", "sign(0)==1", "sign(-2)==-1",
    "sign(3)==1", "int(-2.7)==-2", "int(2.7)==2", "sq(b)==9", "pow(a,b)==8", "min(a,b)==2", "max(a,b)==3", "fmod(7,4)==3",
    "pi>3.14159&&pi<3.1416", "pi()==pi", "TMath::Pi()==pi", "TMath::Power(a,2)==4", "TMath::Min(a,b)==a", "TMath::Max(a,b)==b",
    "TMath::Abs(-a)==a", "TMath::Sqrt(4)==2", "1/0==0", "a/0==0", "0/0==0", "atan2(0,0)==0", "atan2(1,0)==pi/2",
    "abs(eta)==0.5", "abs( eta )<1", "(abs(eta)<0.6)*(a>1)", "v[0]==7", "a>1?b>2:0", "a>5?0:b==3", "(a>1)+(b>2)==2",
    "!a==0", "b*2/3==2", "cos(0)==1", "sin(0)==0", "tan(0)==0", "sinh(0)==0", "cosh(0)==1", "tanh(0)==0", "asinh(0)==0",
    "(((a%2>-0.5)&&(a%2<0.5))&&(b==3))&&(v[0]>=7&&v[0]<=22)",
  ])
  func holds(_ text: String) throws {
    #expect(try passes(text))
  }

  @Test(arguments: ["0", "0.5", "a>2", "a<2", "a==3", "b!=3", "a==2&&b==4", "a==1||b==1", "!1", "a-2", "TMath::Log(-1)>-9", "false"])
  func doesNotHold(_ text: String) throws {
    #expect(try !passes(text))
  }

  /// NaN: comparisons but `!=` fail; a NaN that stands for a truth value is true.
  @Test(arguments: [
    ("a<1", false), ("a>=1", false), ("a==a", false), ("a!=a", true), ("a", false), ("a&&1", true), ("!a", false), ("a||0", true),
    ("log(a)==0", true), ("min(a,1)==1", true),
  ])
  func notANumber(_ text: String, _ expected: Bool) throws {
    #expect(try passes(text, event: [.nan, 0, 0, 0, 0]) == expected)
  }

  @Test func quantitiesAreRoundedToFloat32() throws {
    #expect(try passes("a!=0.1", event: [0.1, 0, 0, 0, 0]))
    #expect(try passes("a==0.5", event: [0.5, 0, 0, 0, 0]))
  }

  static let refused: [(String, String)] = [
    ("", "ends too early"), ("a <", "ends too early"), ("(a<1", "ends too early"), ("a<1)", "\")\""), ("a<b<3", "parentheses"),
    ("a==b<3", "parentheses"), ("a&b", "\"&b\""), ("a|b", "\"|b\""), ("a<<2", "\"<<2\""), ("a=2", "\"=2\""), ("a%b*2", "parentheses"),
    ("2*a%b", "parentheses"), ("a%b%2", "parentheses"), ("a%0", "by 0"), ("a%0.5", "by 0"), ("a^b^2", "parentheses"),
    ("-a^2", "sign"), ("unknown>1", "unknown is no variable"), ("Sum$(a)>1", "Sum"), ("Entry$>1", "Entry"), ("rndm(1)", "rndm"),
    ("\"s\"==a", "not understood"), ("pow(a)", "2 arguments"), ("a[1]>0", "\"[1]"), ("1.2.3>0", "not a number"), ("1x>0", "\"x>0\""),
    ("a+eta>1", "eta is no variable"), ("TMath::ASin(2)", "TMath::ASin"), ("a,b", "\",b\""), ("a>1?b", "ends too early"),
    ("a*b*c>1", "c is no variable"),
  ]

  @Test(arguments: refused)
  func isRefused(_ text: String, _ says: String) throws {
    let failure = try #require(throws: CutParser.Failure.self) { _ = try CutParser.parse(text, over: Self.variables) }
    #expect(failure.message.contains(says), "\(failure.message)")
  }

  @Test(arguments: [
    String(repeating: "(", count: 5000) + "1", String(repeating: "-", count: 5000) + "1", String(repeating: "1+", count: 5000) + "1",
    String(repeating: "!", count: 100_000), String(repeating: "a?", count: 3000),
  ])
  func longAndDeepCutsAreRefused(_ text: String) {
    #expect(throws: CutParser.Failure.self) { try CutParser.parse(text, over: Self.variables) }
  }

  /// An expression with operators stands for its variable only where nothing beside it could bind tighter.
  @Test func wholeExpressions() throws {
    #expect(try CutParser.parse("(b*c)>1", over: Self.variables) == .binary(.greater, .quantity(1), .number(1)))
    #expect(try CutParser.parse("b * c > 1", over: Self.variables) == .binary(.greater, .quantity(1), .number(1)))
    #expect(throws: CutParser.Failure.self) { try CutParser.parse("a+b*c>1", over: Self.variables) }
  }

  /// Random text never traps.
  @Test func anyTextIsReadOrRefused() {
    var random = SplitMix64(seed: 7)
    let words = ["a", "b", "(", ")", "<", ">", "=", "!", "&&", "||", "+", "-", "*", "/", "%", "^", "1", ".5", "e", "sqrt", ",", "?", ":", "::", " ", "$", "é"]
    for _ in 0..<5000 {
      let text = (0..<Int.random(in: 0..<20, using: &random)).map { _ in random.pick(words) }.joined()
      _ = try? CutParser.parse(text, over: Self.variables)
    }
  }
}
