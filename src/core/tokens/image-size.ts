// Width and height of an image, from the few bytes of its header that tell them. Images have megabytes, and all that
// matters of them here is their size.

export interface ImageSize {
  width: number;
  height: number;
}

/** Reads single stretches of base64 without decoding the rest. Missing bytes read as zero. */
class Bytes {
  readonly #base64: string;
  readonly length: number;

  constructor(base64: string) {
    this.#base64 = base64;
    this.length = Math.floor((base64.length * 3) / 4);
  }

  read(offset: number, count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    const first = Math.floor(offset / 3);
    const encoded = this.#base64.slice(first * 4, Math.ceil((offset + count) / 3) * 4);
    const binary = atob(encoded.slice(0, encoded.length - (encoded.length % 4)));
    for (let index = 0; index < count; index++) bytes[index] = binary.charCodeAt(offset - first * 3 + index);
    return bytes;
  }

  view(offset: number, count: number): DataView {
    return new DataView(this.read(offset, count).buffer);
  }
}

/** @param base64 of a PNG, JPEG, GIF or WebP. Undefined when it is none of them, or broken. */
export function imageSize(base64: string): ImageSize | undefined {
  try {
    const bytes = new Bytes(base64);
    const head = bytes.view(0, 32);
    const size = readers[head.getUint16(0)]?.(head, bytes);
    return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
  } catch {
    // `atob` throws at what is no base64.
    return undefined;
  }
}

/** By an image's first two bytes. */
const readers: Readonly<Record<number, (head: DataView, bytes: Bytes) => ImageSize | undefined>> = {
  35152: (head) => ({ width: head.getUint32(16), height: head.getUint32(20) }),
  18249: (head) => ({ width: head.getUint16(6, true), height: head.getUint16(8, true) }),
  21065: webpSize,
  65496: (_, bytes) => jpegSize(bytes),
};

/** developers.google.com/speed/webp/docs/riff_container; RFC 6386 §9.1 for the lossy form. */
function webpSize(head: DataView): ImageSize | undefined {
  switch (head.getUint32(12)) {
    case 0x56503820: // 'VP8 '
      return { width: head.getUint16(26, true) & 0x3fff, height: head.getUint16(28, true) & 0x3fff };
    case 0x5650384c: {
      // 'VP8L'
      const bits = head.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 0x56503858: // 'VP8X'
      return {
        width: (head.getUint32(24, true) & 0xffffff) + 1,
        height: (head.getUint32(26, true) >>> 8) + 1,
      };
    default:
      return undefined;
  }
}

/** A file has a dozen segments before its frame; more are a trap. */
const mostSegments = 200;

/** Walks the segments up to the frame header (SOF): ITU T.81, annex B. */
function jpegSize(bytes: Bytes): ImageSize | undefined {
  let offset = 2;
  for (let segment = 0; segment < mostSegments && offset + 9 < bytes.length; segment++) {
    const head = bytes.view(offset, 9);
    if (head.getUint8(0) !== 0xff) return undefined;
    const marker = head.getUint8(1);
    if (marker === 0xff) offset += 1;
    else if (isFrame(marker)) return { width: head.getUint16(7), height: head.getUint16(5) };
    else offset += 2 + head.getUint16(2);
  }
  return undefined;
}

/** SOF0 to SOF15 without the tables for Huffman (DHT), arithmetic coding (DAC) and JPG. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
