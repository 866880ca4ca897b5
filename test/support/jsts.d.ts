/** The parts of jsts (JTS in JavaScript, by deep paths) that serve as an oracle; its own declarations do not compile. */
declare module 'jsts/org/locationtech/jts/io/GeoJSONReader.js' {
  export default class GeoJSONReader {
    read(geometry: unknown): JtsGeometry;
  }
}
declare module 'jsts/org/locationtech/jts/operation/overlay/OverlayOp.js' {
  export default class OverlayOp {
    static intersection(a: JtsGeometry, b: JtsGeometry): JtsGeometry;
    static difference(a: JtsGeometry, b: JtsGeometry): JtsGeometry;
    static union(a: JtsGeometry, b: JtsGeometry): JtsGeometry;
  }
}
declare module 'jsts/org/locationtech/jts/operation/buffer/BufferOp.js' {
  export default class BufferOp {
    static bufferOp(geometry: JtsGeometry, distance: number, quadrantSegments: number): JtsGeometry;
  }
}
declare module 'jsts/org/locationtech/jts/operation/valid/IsValidOp.js' {
  export default class IsValidOp {
    static isValid(geometry: JtsGeometry): boolean;
  }
}

interface JtsGeometry {
  getArea(): number;
  isEmpty(): boolean;
}
