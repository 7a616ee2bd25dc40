const words = { title: "…" };
export default words;
