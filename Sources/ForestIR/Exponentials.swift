/// The float32 exponential: `UnaryFunction.exponential` of a float32 number, defined to the last bit.
///
/// It is what C's `expf` gives in glibc from 2.28 on, on machines with fused multiply-add: checked for all 2³² arguments against glibc 2.36 on
/// x86-64. (`(float)exp((double)x)` differs from it for 170,648 of them.) The scheme is that of the Arm optimized routines
/// (`expf.c`, S. Nagy 2017), in float64, every operation rounded once:
///
///     NaN: x.   x > highest: +∞.   x < lowest: 0.
///     z = x·scale;  n = z rounded to an integer, ties to even;  r = z − n;  i = n mod 32
///     s = 2^(i/32) · 2^((n−i)/32), the first factor correctly rounded
///     e^x = ((c₀·r + c₁)·r² + (c₂·r + 1)) · s, rounded to float32
///
/// With fused operations two of all arguments come out one bit higher; they are listed.
package enum SingleExponential {
  /// The largest argument whose result is finite, and the smallest whose result is not 0.
  package static let highest: Double = 0x1.62e42ep6
  package static let lowest: Double = -0x1.9fe368p6
  /// 32 / ln 2
  package static let scale: Double = 0x1.71547652b82fep+5
  package static let steps = 32
  package static let c0: Double = 0x1.c6af84b912394p-20
  package static let c1: Double = 0x1.ebfce50fac4f3p-13
  package static let c2: Double = 0x1.62e42ff0c52d6p-6
  /// Arguments with results of their own.
  package static let exceptions: [(argument: Double, result: Double)] = [
    (0x1.04845ep+5, 0x1.f93e38p+46), (-0x1.f8cbb2p+5, 0x1.f45326p-92),
  ]
}

/// `UnaryFunction.fastExponential`: a table-driven exponential, up to about 2|x| + 4 units in the last place away from the C library's.
///
/// Facts of the `fmath` library (S. Mitsunari), in the form that CPU evaluators of oblivious trees use; every operation is rounded once:
///
///     NaN: x.   x <= lowest: 0.   x >= highest: +∞.
///     n = x·scale rounded to an integer, ties to even;  t = n·inverseScale − x;  i = n mod 2048
///     y = (3.0000000027955394 − t)·(t·t)·0.16666666685227835064 − t + 1
///     e^x = y · (2^(i/2048) · 2^((n−i)/2048)), the inner factor correctly rounded
package enum FastExponential {
  package static let lowest = -708.39641853226408
  package static let highest = 709.78271289338397
  package static let steps = 2048
  /// 2048 / ln 2 in float64, and 1 divided by that.
  package static let scale: Double = 2048 / 0x1.62e42fefa39efp-1
  package static let inverseScale: Double = 1 / scale
  package static let c0 = 3.0000000027955394
  package static let c1 = 0.16666666685227835064
}

/// 2^(i/n) for i from 0 to n − 1, correctly rounded to float64; n is a power of two up to 2048.
///
/// Each is a product of the roots 2^(1/2), 2^(1/4), … in fixed point with 126 fraction bits: at most ten products, each off by less than
/// 2⁻¹²⁵, while none of the 2048 numbers comes nearer than 2⁻⁶⁴ to the middle between two float64 numbers.
package enum PowersOfTwo {
  package static func table(steps: Int) -> [Double] {
    let levels = steps.trailingZeroBitCount
    return (0..<steps).map { index in
      var product = one
      for level in 0..<levels where index >> (levels - 1 - level) & 1 == 1 {
        let (high, low) = product.multipliedFullWidth(by: roots[level])
        product = high << 2 | low >> 126
      }
      // Bit 126 is the one before the point; 52 bits of the fraction are kept.
      let rounded = (product + (1 << 73)) >> 74
      return Double(sign: .plus, exponent: -52, significand: Double(UInt64(rounded)))
    }
  }

  private static let one: UInt128 = 1 << 126
  /// 2^(1/2), 2^(1/4), … 2^(1/2048) with 126 fraction bits, rounded to nearest.
  private static let roots: [UInt128] = [
    (0x5a82_7999_fcef_3242, 0x2cbe_c4d9_baa5_5f50), (0x4c1b_f828_c6dc_54b7, 0xa356_918c_1721_7b7b),
    (0x45ca_e0f1_f545_eb73, 0x7df2_3143_ac52_9e48), (0x42d5_61b3_e624_3d8a, 0x62e4_adc6_10aa_60d9),
    (0x4166_c34c_5615_d0eb, 0x9f15_23ad_a329_0600), (0x40b2_68f9_de01_83b9, 0xbdf2_b293_de8a_6f7a),
    (0x4058_f6a7_eccc_d5b6, 0x1299_ab8c_db73_7e90), (0x402c_6be9_6af2_fb58, 0x4a6a_c4fb_0477_2551),
    (0x4016_321b_6870_27a8, 0x7fc6_74a5_33cb_d9e7), (0x400b_1817_8ba3_3b14, 0x1b48_6ff2_2688_e804),
    (0x4005_8bce_4101_47e8, 0x4a2f_2a71_570c_7978),
  ].map { (high: UInt64, low: UInt64) in UInt128(high) << 64 | UInt128(low) }
}
