export async function exportSvg(): Promise<void> {}
export async function exportPng(): Promise<void> {}
