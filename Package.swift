// swift-tools-version: 6.2
import PackageDescription

/// The rules every Swift target of the house is compiled under.
let houseRules: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
  name: "petrify",
  products: [
    .executable(name: "petrify", targets: ["petrify"]),
    .library(name: "PetrifyKit", targets: ["PetrifyKit"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
  ],
  targets: [
    // System libraries
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // Numbers as text, and text as numbers
    .target(name: "Decimals", swiftSettings: houseRules),

    // What a model means
    .target(name: "ForestIR", dependencies: ["Decimals"], exclude: ["forest.schema.json"], swiftSettings: houseRules),

    // Files and event tables: bytes, gzip, digests, CSV, .npy
    .target(
      name: "FileBytes",
      dependencies: ["Decimals", "CZlib", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: houseRules),
    .target(name: "EventData", dependencies: ["Decimals", "FileBytes"], swiftSettings: houseRules),

    // The messages of an ONNX file, generated
    .target(
      name: "ONNXProto", dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["onnx.proto"], swiftSettings: houseRules),

    // Into the IR, one folder a trainer
    .target(
      name: "ForestReading",
      dependencies: [
        "ForestIR", "Decimals", "FileBytes", "CLibXML2", "ONNXProto", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      swiftSettings: houseRules),

    // Out of the IR: numbers, and source code
    .target(name: "CForestKernels", exclude: ["width.inc", "wide-width.inc", "runtime"]),
    .target(name: "ForestRanking", dependencies: ["ForestIR", "CForestKernels"], swiftSettings: houseRules),
    .target(
      name: "ForestEvaluation", dependencies: ["ForestIR", "ForestRanking", "CForestKernels"], swiftSettings: houseRules),
    .target(
      name: "ForestWriting",
      dependencies: [
        "ForestIR", "Decimals", "ForestRanking", "CForestKernels", "ONNXProto", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      swiftSettings: houseRules),

    // Original against petrified
    .target(
      name: "ForestVerification",
      dependencies: ["ForestIR", "ForestEvaluation", "ForestWriting", "EventData", "FileBytes"],
      swiftSettings: houseRules),

    // The library and the command
    .target(
      name: "PetrifyKit",
      dependencies: [
        "ForestIR", "ForestReading", "ForestEvaluation", "ForestWriting", "ForestVerification",
        "Decimals", "EventData", "FileBytes",
      ],
      swiftSettings: houseRules),
    .executableTarget(
      name: "petrify",
      dependencies: [
        "PetrifyKit", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: houseRules),

    // Tests: one target per target, and what they share
    .target(
      name: "ForestTesting", dependencies: ["ForestIR"], path: "Tests/ForestTesting",
      swiftSettings: houseRules),
    .executableTarget(
      name: "kernel-benchmark",
      dependencies: ["ForestIR", "ForestRanking", "CForestKernels", "ForestVerification", "ForestTesting"],
      path: "Tests/Benchmarks/Kernels", swiftSettings: houseRules),
    .testTarget(
      name: "ForestIRTests", dependencies: ["ForestIR", "ForestTesting"],
      exclude: ["Snapshots", "check-schema.py"],
      swiftSettings: houseRules),
    .testTarget(name: "DecimalsTests", dependencies: ["Decimals"], swiftSettings: houseRules),
    .testTarget(
      name: "FileBytesTests", dependencies: ["FileBytes"], swiftSettings: houseRules),
    .testTarget(
      name: "EventDataTests", dependencies: ["EventData", "FileBytes"], swiftSettings: houseRules),
    .testTarget(
      name: "ForestReadingTests",
      dependencies: [
        "ForestReading", "ForestIR", "FileBytes", "EventData", "ForestEvaluation", "ForestTesting", "ONNXProto",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      swiftSettings: houseRules),
    .testTarget(
      name: "ForestEvaluationTests",
      dependencies: ["ForestEvaluation", "ForestRanking", "CForestKernels", "ForestIR", "ForestTesting"], swiftSettings: houseRules),
    .testTarget(
      name: "ForestWritingTests",
      dependencies: [
        "ForestWriting", "ForestIR", "ForestEvaluation", "ForestTesting", "ONNXProto",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      swiftSettings: houseRules),
    .testTarget(
      name: "ForestVerificationTests",
      dependencies: ["ForestVerification", "ForestIR", "ForestWriting", "EventData", "ForestTesting"],
      swiftSettings: houseRules),
    .testTarget(
      name: "PetrifyKitTests",
      dependencies: ["PetrifyKit", "petrify", "ForestIR", "ForestWriting", "FileBytes", "EventData"],
      swiftSettings: houseRules),
  ]
)
