/** What this browser can do for its visitor, asked before a button for it is shown. */

/** Whether it turns speech into text. */
export const canDictate = (): boolean => "SpeechRecognition" in window || "webkitSpeechRecognition" in window;

/** Whether it can show us a page, when its visitor lets it. */
export const canPicture = (): boolean => "mediaDevices" in navigator && "getDisplayMedia" in navigator.mediaDevices;
