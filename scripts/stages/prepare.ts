export async function preparedForBuiltTests(): Promise<void> {}
