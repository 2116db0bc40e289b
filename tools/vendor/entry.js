// What the page takes from others: everything it imports comes from here.
export { Component, createContext, createRef, Fragment, h, render } from "preact";
export { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
export { batch, computed, effect, signal, untracked, useComputed, useSignal, useSignalEffect } from "@preact/signals";
export { html } from "htm/preact";
export { tinykeys } from "tinykeys";
export { diffWordsWithSpace } from "diff";
export { default as uPlot } from "uplot";
