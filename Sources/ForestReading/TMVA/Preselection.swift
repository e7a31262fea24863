import ForestIR

/// Cuts that give the answer before any tree is asked (`DoPreselection`).
struct Preselection {
  struct Cut {
    let variable: Int
    /// `x < value`, else `x > value`.
    let isBelow: Bool
    let value: Double
    let isSignal: Bool
  }

  /// In the order in which they are tried; the last that holds wins.
  let cuts: [Cut]
  /// How many variables the file has cuts for.
  let variableCount: Int

  init(_ element: XMLElement, _ context: TMVAContext) throws(ReadError) {
    var cuts: [Cut] = []
    var variable = 0
    while variable == 0 || element.attribute("PreselectionLowBkgVar\(variable)") != nil {
      for (name, isBelow, isSignal) in [
        ("LowBkg", true, false), ("LowSig", true, true), ("HighBkg", false, false), ("HighSig", false, true),
      ] {
        let key = "Preselection\(name)Var\(variable)"
        let isOn = try context.flag(key, of: element)
        // The numbers of cuts that are off are whatever training left there.
        _ = try context.required(key + "Value", of: element)
        if isOn {
          let value = try context.double(key + "Value", of: element)
          cuts.append(Cut(variable: variable, isBelow: isBelow, value: value, isSignal: isSignal))
        }
      }
      variable += 1
    }
    self.cuts = cuts
    variableCount = variable
  }

  /// Appends the steps to −1 or 1, by the last cut that holds, or 0 where none does.
  func answer(_ variables: Value, _ builder: inout ModelBuilder) throws(ForestFault) -> Value {
    let wide = try builder.add(.convert(variables, to: .float64))
    var answer = try builder.float64([0])
    for cut in cuts {
      let x = try builder.add(.gather(wide, [Int32(cut.variable)]))
      let holds = try builder.add(.compare(cut.isBelow ? .less : .greater, x, builder.float64([cut.value])))
      answer = try builder.add(.select(holds, builder.float64([cut.isSignal ? 1 : -1]), answer))
    }
    return answer
  }
}
