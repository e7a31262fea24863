/// Where the attributes of a `Node` element stand in its tag.
///
/// The nodes of a file name their attributes in the same order, but for a few. The layout of the last node is therefore
/// kept with the identities of its names; as long as they repeat, one comparison of words for each attribute is all it
/// takes to know every place. Files may change the order at every node; that is only slower.
struct NodeLayout {
  /// The index of each attribute in the tag; −1 where it is absent.
  struct Places {
    var position = -1
    var depth = -1
    var coefficientCount = -1
    var variable = -1
    var cut = -1
    var sense = -1
    var response = -1
    var purity = -1
    var type = -1
    var signal = -1
    var background = -1

    /// Whether all attributes are there that every node must have: the sign of the union is that of any −1.
    var areSufficient: Bool { position | variable | cut | sense | type >= 0 }

    /// The first attribute that every node must have and this one has not.
    var missing: String? {
      let required = [(position, "pos"), (variable, "IVar"), (cut, "Cut"), (sense, "cType"), (type, "nType")]
      return required.first { $0.0 < 0 }?.1
    }
  }

  /// The attributes' names, packed. Written as numbers, so that the compiler needs no lazy initialisation; a test
  /// compares them with the names.
  enum Key {
    static let node = XMLNameKey(bits: 0x4E6F6465)
    static let position = XMLNameKey(bits: 0x706F73)
    static let depth = XMLNameKey(bits: 0x6465707468)
    static let coefficientCount = XMLNameKey(bits: 0x4E436F6566)
    static let variable = XMLNameKey(bits: 0x49566172)
    static let cut = XMLNameKey(bits: 0x437574)
    static let sense = XMLNameKey(bits: 0x6354797065)
    static let response = XMLNameKey(bits: 0x726573)
    static let purity = XMLNameKey(bits: 0x707572697479)
    static let type = XMLNameKey(bits: 0x6E54797065)
    // Signal and background in the node, of TMVA 4.0 and of files re-written from 3.8 and 3.9.
    static let signal = XMLNameKey(bits: 0x6E53)
    static let oldSignal = XMLNameKey(bits: 0x73)
    static let background = XMLNameKey(bits: 0x6E42)
    static let oldBackground = XMLNameKey(bits: 0x62)
  }

  /// Where the attributes of the tag seen last stand.
  private(set) var places = Places()
  private var names: [XMLNameIdentity] = []
  /// The element name `Node`, once it was met.
  private var nodeName: XMLNameIdentity?

  /// Whether the element's name is `Node`.
  @inline(__always)
  mutating func isNode(_ tag: borrowing XMLTag) -> Bool {
    if tag.identity == nodeName { return true }
    guard tag.key == Key.node else { return false }
    nodeName = tag.identity
    return true
  }

  /// Looks at a tag; `places` are its own afterwards. O(attributes).
  @inline(__always)
  mutating func see(_ tag: borrowing XMLTag) {
    guard tag.hasAttributes(named: names.span) else { return learn(tag) }
  }

  private mutating func learn(_ tag: borrowing XMLTag) {
    places = Places()
    names.removeAll(keepingCapacity: true)
    for index in 0..<tag.attributeCount {
      names.append(tag.attributeIdentity(index))
      switch tag.attributeKey(index) {
      case Key.position: places.position = index
      case Key.depth: places.depth = index
      case Key.coefficientCount: places.coefficientCount = index
      case Key.variable: places.variable = index
      case Key.cut: places.cut = index
      case Key.sense: places.sense = index
      case Key.response: places.response = index
      case Key.purity: places.purity = index
      case Key.type: places.type = index
      case Key.signal, Key.oldSignal: places.signal = index
      case Key.background, Key.oldBackground: places.background = index
      default: break
      }
    }
  }
}
