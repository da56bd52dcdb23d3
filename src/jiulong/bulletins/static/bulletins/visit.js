// Takes the place along where the phone allows it; the form works without.
const longitude = document.querySelector("input[name=longitude]");
const latitude = document.querySelector("input[name=latitude]");
if (longitude && navigator.geolocation) {
  navigator.geolocation.getCurrentPosition((found) => {
    longitude.value = found.coords.longitude.toFixed(6);
    latitude.value = found.coords.latitude.toFixed(6);
  }, () => {}, { enableHighAccuracy: true, timeout: 20000 });
}
