/** Turns pictures into JPEG files, one after the other, beside the page's own thread. */

const QUALITY = 0.92;

/** @type {OffscreenCanvas | null} */
let canvas = null;
let turn = Promise.resolve();

/** @param {{picture: VideoFrame | ImageBitmap, width: number, height: number}} order */
async function encode({ picture, width, height, ...rest }) {
  if (!canvas || canvas.width !== width || canvas.height !== height) {
    canvas = new OffscreenCanvas(width, height);
  }
  const context = canvas.getContext("2d", { alpha: false });
  context.drawImage(picture, 0, 0, width, height);
  picture.close();
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  const jpeg = await blob.arrayBuffer();
  self.postMessage({ ...rest, jpeg }, [jpeg]);
}

self.onmessage = (event) => {
  turn = turn.then(() => encode(event.data)).catch(() => self.postMessage({ jpeg: null }));
};
