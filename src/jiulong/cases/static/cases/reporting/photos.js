// Photos of the report: hashed as they are taken, shown small, taken away again.
import { sha256 as digest } from "../../evidence/capture.js";

export const MOST = 6;

export async function take(file) {
  const at = new Date().toISOString();
  // Read now: the phone may have thrown the camera's file away by the time there is a network.
  const blob = new Blob([await file.arrayBuffer()], { type: file.type });
  const sha256 = await digest(blob); // empty where the connection is not safe: the photo goes without
  return { blob, name: file.name || "photo.jpg", captured: sha256 ? { sha256, at } : null };
}

export async function small(photo, size = 88) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  try {
    const picture = await createImageBitmap(photo.blob);
    const side = Math.min(picture.width, picture.height);
    canvas.getContext("2d").drawImage(
      picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, size, size,
    );
    picture.close();
  } catch {
    canvas.getContext("2d").fillRect(0, 0, size, size); // no picture: the server will say so
  }
  return canvas;
}
